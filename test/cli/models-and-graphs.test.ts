import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelFacts } from "../../src/cli/model-facts.js";
import { loadConfig } from "../../src/config/index.js";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());
const keyless = { env: { OPENAI_API_KEY: "", GOOGLE_API_KEY: "" } };

describe("multimodel models", () => {
  it("lists what is known, needs no key, and calls what is unknown unknown", async () => {
    const { code, stdout } = await place.run(["models"], keyless);
    expect(code).toBe(0);
    const table = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(table[0]).toEqual(["name", "provider", "model", "in $/M", "out $/M", "context", "can", "tier"]);
    expect(table[1]!.slice(0, 5)).toEqual(["fast", "openai", "gpt-4o-mini", "0.15", "0.60"]);
    expect(table[2]!.at(-1)).toBe("large");
    expect(table[4]!.slice(0, 7)).toEqual(["own", "openai-compatible", "my-own", ...Array(4).fill("unknown")]);
  });

  it("prints JSON, in which unknown is null", async () => {
    const { stdout } = await place.run(["models", "--json", "own"]);
    expect(JSON.parse(stdout)).toEqual([
      {
        name: "own",
        provider: "openai-compatible",
        model: "my-own",
        price: null,
        contextWindow: null,
        capabilities: null,
        tier: null,
        unavailable: null,
      },
    ]);
  });

  it("prints exactly what the models run with", async () => {
    place.file(
      "models.yaml",
      `models:
  a: { provider: openai, model: gpt-4.1 }
  b: { provider: openai, model: gpt-4o-2024-08-06 }
  c: { provider: azure, model: gpt-4.1, baseUrl: "https://x.example" }
  d: { provider: google-genai, model: gemini-2.0-flash }
  e: { provider: google-genai, model: gemini-2.5-pro }
  f: { provider: anthropic, model: claude-sonnet-4-5 }
  g: { provider: anthropic, model: claude-haiku-4-5 }
  h: { provider: openrouter, model: "openai/gpt-4o-2024-05-13" }
  i: { provider: openai-compatible, model: llama-3.3-70b-versatile, baseUrl: "https://api.groq.com/openai/v1" }
  j: { provider: ollama, model: my-own, contextWindow: 9000 }
  k: { provider: openai, model: gpt-4o, price: { input: 1, output: 2 }, capabilities: [json] }
`,
    );
    const { stdout } = await place.run(["models", "--json"], keyless);
    const { models } = await loadConfig(join(place.folder, "models.yaml"), { keyless: true });
    const listed = (JSON.parse(stdout) as ModelFacts[]).map((facts) => {
      const { name, price, contextWindow, capabilities } = facts;
      return [name, { price, contextWindow, capabilities }];
    });
    const loaded = Object.entries(models).map(([name, entry]) => {
      const { price = null, contextWindow = null, capabilities = null } = entry;
      return [name, { price, contextWindow, capabilities }];
    });
    expect(listed).toEqual(loaded);
    expect(listed.length).toBe(11);
  });

  it("says of each model that cannot be called here why, in JSON as in the notes of the table", async () => {
    const withoutKey = { env: { OPENAI_API_KEY: "", GOOGLE_API_KEY: "" } };
    const { stderr } = await place.run(["models"], withoutKey);
    const { code, stdout } = await place.run(["models", "--json"], withoutKey);
    const listed = JSON.parse(stdout) as { name: string; unavailable: string[] | null }[];
    expect([code, listed.find(({ name }) => name === "own")!.unavailable]).toEqual([0, null]);
    const lacking = listed.filter(({ unavailable }) => unavailable !== null);
    expect(lacking.map(({ name }) => name)).toEqual(["fast", "gemini"]); // `strong` is at an address that needs no key
    const said = stderr.replace(/\s+/g, " ");
    for (const { name, unavailable } of lacking) {
      expect(unavailable!.length).toBeGreaterThan(0);
      for (const text of unavailable!) expect(said).toContain(`${name}: ${text}`);
    }
  });

  it("knows the catalogue's facts where a provider's package is missing", async () => {
    const model = (id: string) => `{ provider: google-vertexai, model: ${id}, project: mine }`;
    place.file("models.yaml", `models: { v: ${model("gemini-2.5-flash")}, w: ${model("gemini-2.5-pro")} }`);
    const { code, stdout } = await place.run(["models", "--json"]);
    const priced = (input: number) => expect.objectContaining({ input });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      [
        expect.objectContaining({ name: "v", contextWindow: 1_048_576, price: priced(0.3) }),
        expect.objectContaining({ name: "w", contextWindow: null, price: priced(1.25) }), // it lists no window
      ],
    ]);
  });

  it.each(["models", "graph"])("%s lacks keys only, whatever variables are called", async (command) => {
    place.file(
      "models.yaml",
      `models:
  a: { provider: openai, model: "\${KEYNOTE_MODEL:-gpt-4o}", parameters: { maxTokens: "\${MAX_TOKENS:-1024}" }, apiKey: "\${MY_CRED}" }
  b: { provider: openai-compatible, model: x, baseUrl: "\${TOKEN_PLAN_URL:-http://127.0.0.1:9/v1}", headers: { x-team: "\${TEAM}" }, mcpServers: [s] }
  c: { provider: anthropic, model: claude-haiku-4-5 }
mcpServers: { s: { command: x, env: { DB_LOGIN: "\${DB_LOGIN}" } } }
tiers: { small: a, cheap: a }
graphs: { g: { pattern: fallback, models: [a, b, c] } }
`,
    );
    const { code, stdout, stderr } = await place.run([command], keyless);
    const lacks = [
      "a: the variable MY_CRED is",
      "b: the variable TEAM is",
      "c: its key is missing; set ANTHROPIC_API_KEY",
    ];
    expect(code).toBe(0);
    if (command === "graph") expect(stderr).toBe("");
    else for (const lack of lacks) expect(stderr).toContain(lack);
    expect(stdout).toMatch(command === "graph" ? /\(start\)\s+→ \[a\]/ : /a {2,}openai {2,}gpt-4o .* small, cheap/);
    const unset = `models: { a: { provider: openai, model: "\${NO_MODEL}" } }\ngraphs: { g: { pattern: fallback, models: [a] } }`;
    place.file("models.yaml", unset);
    const second = await place.run([command], keyless);
    if (command === "graph") expect(second.stdout).toMatch(/\(start\)\s+→ \[a\]/);
    else expect(second.stderr).toContain("the variable NO_MODEL is not set");
  });

  it("looks ids of the catalogue up beside a file that is broken, and says so where one may be in it", async () => {
    place.file("models.yaml", "models: { own: { provider: opnai } }");
    expect((await place.run(["models", "gpt-4o"])).code).toBe(0);
    const { code, stderr } = await place.run(["models", "own"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("models.own.provider: is not known")]);
  });

  it("looks ids of the catalogue up without a file", async () => {
    await using empty = await openPlace();
    const { stdout } = await empty.run(["models", "--json", "gpt-4o"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { provider: "openai", price: { input: 2.5, output: 10 }, contextWindow: 128_000 },
    ]);
    const { code, stderr } = await empty.run(["models", "no-such-model-7"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("no-such-model-7")]);
  });
});

describe("multimodel graph", () => {
  it("writes nodes and where they lead, without a key", async () => {
    const { code, stdout } = await place.run(["graph"], keyless);
    expect([code, stdout.split("\n")]).toEqual([
      0,
      [
        "assistant",
        "  (start)     → [fast]",
        "  [fast]      → <verifier>",
        "  <verifier>  ⇢ [strong], (end)",
        "  [strong]    → <verifier>",
        "",
      ],
    ]);
  });

  it("draws in the format the file's ending says", async () => {
    for (const [file, begin] of [
      ["a.svg", "<svg"],
      ["a.png", "\u0089PNG"],
      ["a.mmd", "flowchart TD"],
      ["a.txt", "chain\n"],
    ] as const) {
      const { code, stdout } = await place.run(["graph", "chain", "-o", file]);
      expect([code, stdout]).toEqual([0, ""]);
      expect(readFileSync(join(place.folder, file), "latin1").startsWith(begin)).toBe(true);
    }
    expect((await place.run(["graph", "chain", "-f", "svg"])).stdout).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
  });

  it.each([
    [["graph", "nope"], 'no graph "nope"; it has assistant, chain'],
    [["graph", "fast"], '"fast" is a model'],
    [["graph", "-o", "a.gif"], "end it in .svg, .png"],
    [["graph", "-f", "gif"], "Allowed choices are text, svg, png, mermaid"],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await place.run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
