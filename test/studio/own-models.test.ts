import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cheap, dear, scripted } from "../../graphs/scripted-model.js";
import { seated } from "../../graphs/seats.js";
import { type LoopbackRequest, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { cases } from "./cases.js";
import { StudioClient } from "./studio-client.js";
import { type StudioServer, startStudio } from "./studio-server.js";

const folder = mkdtempSync(join(tmpdir(), "studio-models-"));
const everything =
  "1. one\n2. two\nWords: 4\nSource: none\nWARRANTY 3 years, 4 EUR\n```js\n1;\n```\nCORRECT\nScore: 9\nConfidence: 90%";
let upstream: LoopbackServer;
let studio: StudioServer;
let client: StudioClient;

/** Every answer satisfies whatever a graph looks for; a review asked for by tool approves. */
function reply({ tools }: LoopbackRequest) {
  const asked = tools.includes("review");
  return asked ? { toolCalls: [{ name: "review", args: { approved: true, feedback: "" } }] } : everything;
}

beforeAll(async () => {
  upstream = await startLoopbackServer({ reply });
  const file = join(folder, "models.yaml");
  const openai = `{ provider: openai, apiKey: none, baseUrl: "${upstream.openaiUrl}"`;
  const google = `{ provider: google-genai, apiKey: none, baseUrl: "${upstream.googleUrl}"`;
  writeFileSync(
    file,
    `models:\n  fast: ${openai}, model: gpt-4o-mini }\n  other: ${google}, model: gemini-2.0-flash }\n  large: ${openai}, model: gpt-4o }\n`,
  );
  studio = await startStudio(file);
  client = new StudioClient({ apiUrl: studio.url, apiKey: null });
}, 600_000);
afterAll(async () => {
  await studio?.stop();
  await upstream?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.concurrent.each(cases)("Studio with a models.yaml › $id", ({ id, turns: [{ question }] }) => {
  it("asks the models of the file through their own clients", async () => {
    const { messages, calls } = await client.run(id, question);
    expect(messages.at(-1)?.content).toBeTruthy();
    expect(calls.filter(({ status }) => status === "error" || status === "timeout")).toEqual([]);
    const asked = new Set(calls.map(({ model }) => model));
    expect(["gpt-4o-mini", "gemini-2.0-flash", "gpt-4o"]).toEqual(expect.arrayContaining([...asked]));
    expect(calls.every(({ costUsd }) => costUsd !== null && costUsd > 0)).toBe(true);
  });
});

describe("npm run studio", () => {
  it("says where the models come from", () => {
    expect(studio.output()).toMatch(/^Models {2}\S+models\.yaml$/m);
  });
});

describe("seated", () => {
  const seat = (price: typeof cheap) => ({ model: scripted("x", () => "x"), price });
  const models = Object.fromEntries(
    ["one", "two", "three"].map((name) => [name, { model: scripted(name, () => name), timeout: 1 }]),
  );
  const idsOf = (seats: Readonly<Record<string, { readonly model: unknown }>>) =>
    Object.fromEntries(Object.entries(seats).map(([name, { model }]) => [name, (model as { model: string }).model]));

  it("fills cheap seats from the first model on and dear ones from the last one back, round and round", () => {
    const places = seated(
      { a: seat(cheap), b: seat(dear), c: seat(cheap), d: seat(dear), e: seat(cheap), f: seat(cheap) },
      { models, tiers: {}, roles: {} },
    );
    const [one, two, three] = ["scripted-one", "scripted-two", "scripted-three"];
    expect(idsOf(places)).toEqual({ a: one, b: three, c: two, d: two, e: three, f: one });
  });

  it("gives a seat the model, tier or role of its name", () => {
    const { one, two } = models;
    const places = seated(
      { two: seat(cheap), small: seat(cheap), judge: seat(dear), other: seat(cheap) },
      { models, tiers: { small: two! }, roles: { judge: one! } },
    );
    expect(idsOf(places)).toEqual({
      two: "scripted-two",
      small: "scripted-two",
      judge: "scripted-one",
      other: "scripted-one",
    });
  });

  it("keeps what a graph asks of a seat, and takes price and limits of the file's model", () => {
    const { a } = seated(
      { a: { ...seat(dear), systemPrompt: "Be brief.", retry: false } },
      { models, tiers: {}, roles: {} },
    );
    expect(a).toMatchObject({ systemPrompt: "Be brief.", retry: false, timeout: 1 });
    expect(a).not.toHaveProperty("price");
  });
});
