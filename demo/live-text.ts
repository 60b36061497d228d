/** What the demo says around a live answer. */
import { formatReport, type OrchestrationState } from "langgraph-multimodel";
import { type Environment, KEYS, LARGE_OPENAI, type LiveModels, SMALL_GOOGLE, SMALL_OPENAI } from "./live-models.js";
import { fill, printable } from "./terminal-text.js";

/** Says what is missing, and how to provide it. */
export function describeSetup({ ollama }: LiveModels): string {
  const found = "problem" in ollama ? `${ollama.url}: ${ollama.problem}` : ollama.url;
  const ways: [string, string][] = [
    ["export OPENAI_API_KEY=...", `${SMALL_OPENAI}, judged by ${LARGE_OPENAI} (at OPENAI_BASE_URL)`],
    ["export GOOGLE_API_KEY=...", `${SMALL_GOOGLE} (or GEMINI_API_KEY)`],
    ["ollama serve", "what is installed here (or at OLLAMA_HOST)"],
  ];
  return [
    "There is no model to ask, and the demo never makes an answer up.",
    "Do one of these and ask again:",
    "",
    ...ways.map(([command, gives]) => `  ${command.padEnd(26)}# ${gives}`),
    "",
    `Ollama was looked for at ${found}.`,
    "Without a question the demo needs no model: it replays recorded answers.",
    "",
  ].join("\n");
}

/** Says which models are about to be asked. */
export function describePlan({ small, large }: LiveModels, columns: number): string {
  const [first = "", ...spare] = Object.values(small).map(({ model }) => idOf(model));
  const instead = spare.length === 0 ? "" : ` (should it fail: ${spare.join(", ")})`;
  if (large === undefined) return fill(`Asking ${first}${instead}.`, columns);
  const judge = idOf(large.model);
  return fill(`Asking ${first}${instead}; ${judge} judges the answer, and gives its own if it is too weak.`, columns);
}

/** Says who answered, why, and what it cost. */
export function describeOutcome({ modelUsed = "", calls, decisions }: OrchestrationState): string {
  const modelAt = (place: string) =>
    calls.findLast(({ path, node, status }) => status === "ok" && (path === place || node === place))?.model;
  const why = decisions.map(({ kind, chosen, reason }) => {
    const model = modelAt(chosen);
    return `- ${kind} → ${chosen}${model === undefined ? "" : ` (${model})`}: ${printable(reason)}`;
  });
  return [
    `Answered by ${modelAt(modelUsed) ?? "no model"} (${modelUsed})`,
    ...(why.length === 0 ? ["- it was asked first, and answered"] : why),
    "",
    formatReport({ calls, modelUsed }),
  ].join("\n");
}

/** Takes the keys of the environment out of a text, whatever they look like. */
export function withoutKeys(text: string, environment: Environment): string {
  const keys = KEYS.map((name) => environment[name]?.trim()).filter((key) => key !== undefined && key !== "");
  return keys.reduce<string>((clean, key) => clean.replaceAll(key!, "[redacted]"), text);
}

function idOf(model: unknown): string {
  return String((model as { readonly model?: unknown }).model);
}
