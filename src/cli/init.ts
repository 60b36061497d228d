import { writeFileSync } from "node:fs";
import { type FoundProviders, foundProviders } from "./doctor/found-providers.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { withFile } from "./files/named-file.js";
import { note } from "./show-answer.js";

export interface InitOptions {
  readonly config?: string;
}

/** Runs `multimodel init`: writes a file of models that works with the keys and servers found here. */
export async function init({ config: file = "models.yaml" }: InitOptions): Promise<ExitCode> {
  const text = initialFile(await foundProviders(process.env));
  withFile(file, () => {
    try {
      writeFileSync(file, text, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new UsageError(`${file} exists and is not overwritten; remove it, or give another --config FILE`);
    }
  });
  note(`${file} is written. multimodel doctor checks it; multimodel chat asks it.`);
  return exitCode.done;
}

/** Models to begin with, a cheap and a strong one. */
const usual: Readonly<Record<string, readonly [fast: string, strong: string]>> = {
  openai: ["gpt-4o-mini", "gpt-4o"],
  "google-genai": ["gemini-2.5-flash", "gemini-2.5-pro"],
  anthropic: ["claude-haiku-4-5", "claude-sonnet-4-5"],
  openrouter: ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4.5"],
};

/** Writes the file; without any key or server it has models of OpenAI, to show what one looks like. */
export function initialFile({ keys, ollama = [] }: FoundProviders): string {
  const hosted = keys.filter(({ provider }) => Object.hasOwn(usual, provider));
  const isNone = hosted.length === 0 && ollama.length === 0;
  const named = (isNone ? [{ provider: "openai", variable: "OPENAI_API_KEY" }] : hosted).map((each, index) => ({
    ...each,
    prefix: index === 0 ? "" : `${each.provider.replace("google-genai", "gemini")}-`,
  }));
  const local = ollama.slice(0, 1).map((model) => ({ name: "local", line: `provider: ollama, model: "${model}"` }));
  const models = [
    ...named.flatMap(({ provider, variable, prefix }) =>
      (["fast", "strong"] as const).map((name, level) => ({
        name: `${prefix}${name}`,
        line: `provider: ${provider}, model: ${usual[provider]![level]}, apiKey: "\${${variable}}"`,
      })),
    ),
    ...local,
  ];
  const names = models.map(({ name }) => name);
  const graphs =
    named.length === 0
      ? [`  assistant: { pattern: fallback, models: [${names.join(", ")}] } # one after another, until one answers`]
      : [
          "  # The cheap model answers first; where it is not sure of itself, the strong one does.",
          "  assistant: { pattern: cascade, models: [fast, strong], verify: selfReported }",
          "  # One after another, until one answers: an outage of one provider does not stop you.",
          `  chain: { pattern: fallback, models: [${names.join(", ")}] }`,
        ];
  return [
    "# yaml-language-server: $schema=./node_modules/langgraph-multimodel/models.schema.json",
    "# Models and graphs of langgraph-multimodel: multimodel chat, multimodel models, multimodel doctor",
    ...(isNone ? ["# No key was found and no Ollama runs here: set OPENAI_API_KEY, or name your own models."] : []),
    "default: assistant",
    "",
    "models:",
    ...models.map(({ name, line }) => `  ${name}: { ${line} }`),
    "",
    "graphs:",
    ...graphs,
    "",
  ].join("\n");
}
