// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.js";
import { ConfigError } from "../../src/errors/index.js";
import { runsOf } from "../support/property-runs.js";

/** Long enough that what shows it cuts it; no eight signs of it are shown. */
const key = `sk-fuzz-${Array.from({ length: 28 }, (_, index) => (index * 7919 + 1234).toString(36).padStart(4, "q")).join("")}`;
const parts = Array.from({ length: key.length - 8 }, (_, at) => key.slice(at, at + 8));
const shows = (text: string) => parts.some((part) => text.includes(part));
const env = { OPENAI_API_KEY: key, GOOGLE_API_KEY: key, KEY: key };
const numRuns = runsOf(10_000);
const valid = readFileSync(new URL("../../models.example.yaml", import.meta.url), "utf8");
const registry = 'llm:fast: { _class: OpenAIConfig, model: gpt-4o, api_key: "${KEY}", temperature: 0.1 }\n';
const runtime =
  'runtime: { default_model: a, models: [{ name: a, provider: universal, model: x, base_url: "http://x", api_key: "${env:KEY}", prompts: [p] }] }\nprompts: [{ name: p, content: hi }]\n';

/** Loads a text; anything but a configuration or a `ConfigError` is thrown, and so is one that shows the key. */
async function tryToLoad(text: string): Promise<"loaded" | "refused"> {
  const error = await parseConfig("models.yaml", text, env).then(
    ({ warnings }) => {
      if (shows(JSON.stringify(warnings))) throw new Error(`the key is in: ${JSON.stringify(warnings)}`);
    },
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return "loaded";
  if (!ConfigError.isInstance(error)) throw error;
  const shown = `${error.message}${JSON.stringify(error)}${error.stack}`;
  if (shows(shown)) throw new Error(`the key is in: ${shown}`);
  const lines = text.split(/\r\n|\r|\n/).length;
  const placed = error.problems.every(({ line, message }) => line >= 1 && line <= lines && message !== "");
  if (error.problems.length === 0 || !placed) throw new Error(`no place or no message: ${shown}`);
  return "refused";
}

const words = fc.constantFrom(
  ...[
    "models",
    "graphs",
    "pattern",
    "router",
    "provider",
    "openai",
    "${KEY}",
    "${env:KEY}",
    "${NOBODY}",
    "llm:a",
    "_class",
  ],
  ...[
    "runtime",
    "name",
    "fast",
    "__proto__",
    "valueOf", // shorter than a secret: as a key, a longer name would be redacted in the files that follow
    "toString",
    "<<",
    "&a",
    "*a",
    "!!js/function",
    "prompts",
    "mcp",
  ],
);

describe("parseConfig", () => {
  it(`loads any text or refuses it (${numRuns} cases)`, { timeout: 600_000 }, async () => {
    const glue = fc.constantFrom(
      "\n",
      ": ",
      ", ",
      "{",
      "}",
      "[",
      "]",
      "- ",
      "  ",
      "\t",
      '"',
      "'",
      "\n  ",
      "#",
      "|",
      ">",
      "?",
    );
    const soup = fc
      .array(fc.oneof(words, glue, fc.string({ maxLength: 4 })), { maxLength: 40 })
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(fc.oneof(soup, fc.string({ unit: "binary", maxLength: 80 })), async (text) => {
        await tryToLoad(text);
      }),
      { numRuns },
    );
  });

  it(`loads a valid file that was cut, doubled or overwritten somewhere, or refuses it (${numRuns} cases)`, {
    timeout: 600_000,
  }, async () => {
    const outcomes = { loaded: 0, refused: 0 };
    const small =
      valid.slice(valid.indexOf("models:"), valid.indexOf("  local:")) +
      valid.slice(valid.indexOf("prompts:"), valid.indexOf("# Tools"));
    const change = fc.record({
      file: fc.constantFrom(registry, runtime, small, small),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat({ max: 20 }),
      put: fc.oneof(words, fc.constant(""), fc.string({ maxLength: 5 })),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ file, from, length, put }) => {
        const start = Math.floor(from * file.length);
        outcomes[await tryToLoad(file.slice(0, start) + put + file.slice(start + length))]++;
      }),
      { numRuns },
    );
    expect(outcomes.loaded).toBeGreaterThan(runsOf(100));
    expect(outcomes.refused).toBeGreaterThan(runsOf(1_000));
  });

  it(`loads any values in any field, or refuses them (${numRuns} cases)`, { timeout: 600_000 }, async () => {
    const leaf = fc.oneof(
      words,
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ maxLength: 6 }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        leaf,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(words, fc.string({ maxLength: 4 })), tie("value"), { maxKeys: 4 }),
      ),
    }));
    const model = { provider: "openai", model: "gpt-4o" };
    const places: ((given: unknown) => unknown)[] = [
      (given) => given,
      (given) => ({ models: given }),
      (given) => ({ models: { fast: given } }),
      ...[
        "parameters",
        "retry",
        "limit",
        "capabilities",
        "price",
        "headers",
        "body",
        "baseUrl",
        "timeout",
        "prompt",
        "model",
      ].map((field) => (given: unknown) => ({ models: { fast: { ...model, [field]: given } } })),
      ...["default", "prompts", "mcpServers", "tiers", "roles", "tasks", "routing", "fallback", "graphs"].map(
        (section) => (given: unknown) => ({ models: { fast: model }, [section]: given }),
      ),
      ...["router", "cascade", "fallback", "ensemble", "qualityGate", "pipeline", "mapReduce", "experiment"].flatMap(
        (pattern) =>
          ["models", "verify", "route", "aggregate", "context", "stages", "weights", "plan"].map(
            (field) => (given: unknown) => ({
              models: { fast: model, ...(typeof given === "string" && { [given]: model }) },
              graphs: {
                g: {
                  pattern,
                  models: ["fast"],
                  verify: { judge: "fast" },
                  aggregate: "longest",
                  route: { always: "fast" },
                  [field]: given,
                },
              },
            }),
          ),
      ),
      (given) => ({ "llm:fast": given }),
      (given) => ({ "llm:fast": { _class: "OpenAIConfig", model: "x", extra: given, temperature: given } }),
      (given) => ({ runtime: given }),
      (given) => ({
        runtime: {
          models: [given, { name: given, ...model, model_api_parameters: given, prompts: given, mcp_servers: given }],
        },
        prompts: given,
        mcp: { servers: given },
      }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), value, async (place, given) => {
        await tryToLoad(JSON.stringify(place(given)));
      }),
      { numRuns },
    );
  });
});
