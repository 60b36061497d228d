import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
      },
    ]);
  });

  it("knows what the loaded clients know, and needs none of them", async () => {
    const file = fileURLToPath(new URL("../../models.example.yaml", import.meta.url));
    const { stdout } = await place.run(["models", "--json", "--config", file], keyless);
    const rounded = (tokens: number | null = null) => tokens && Number(tokens.toPrecision(1)); // 1,000,000 or 1,048,576
    const { models } = await loadConfig(file, { env: { OPENAI_API_KEY: "sk-none", GOOGLE_API_KEY: "none" } });
    const loaded = Object.entries(models).map(([name, { price, contextWindow, capabilities = [] }]) => ({
      name,
      input: price?.input,
      contextWindow: rounded(contextWindow),
      capabilities: [...capabilities].sort(),
    }));
    const listed = (JSON.parse(stdout) as ModelFacts[]).map(({ name, price, contextWindow, capabilities }) => ({
      name,
      input: price?.input,
      contextWindow: rounded(contextWindow),
      capabilities: [...(capabilities ?? [])].sort(),
    }));
    expect(listed).toEqual(loaded);
    expect(listed.length).toBeGreaterThan(3);
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
        "  start     → fast",
        "  fast      → verifier",
        "  verifier  ⇢ strong, end",
        "  strong    → verifier",
        "",
      ],
    ]);
  });

  it("draws in the format the file's ending says", async () => {
    for (const [file, begin] of [
      ["a.svg", "<svg"],
      ["a.png", "\u0089PNG"],
      ["a.mmd", "%%{init"],
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
