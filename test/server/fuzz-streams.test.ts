import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/server/index.js";
import { runsOf } from "../support/property-runs.js";
import {
  ask,
  connection,
  delivered,
  endsCleanly,
  events,
  mostly,
  providerKey,
  speak,
  words,
} from "./fuzz-connection.js";

const openai = new ChatOpenAI({ model: "any", apiKey: providerKey, configuration: { fetch: connection } });
const gemini = new ChatGoogleGenerativeAI({ model: "any", apiKey: providerKey });
const models = { openai: { model: openai, retry: false }, gemini: { model: gemini, retry: false } } as const;
const app = createApp({ models, onError: () => {} });

beforeAll(() => {
  vi.stubGlobal("fetch", connection); // Gemini's client takes no other
  for (const method of ["log", "warn", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {});
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Call {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

/** What a model says, and how its server cuts it up. */
interface Spoken {
  readonly text: string;
  readonly calls: readonly Call[];
  readonly finish: string;
  readonly pieces: number;
  /** Role of the first delta, and of those after it; `undefined` is left out. */
  readonly roles: readonly [string | null | undefined, string | null | undefined];
  /** Id and name of the parts of a call after its first one. */
  readonly later: string | null | undefined;
}

const blank = fc.constantFrom("", null, undefined);
const call = fc.record({
  id: fc.uuid(),
  type: fc.constant("function" as const),
  function: fc.record({
    name: fc.constantFrom("f", "g"),
    arguments: fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }).map((value) => JSON.stringify(value)),
      fc.bigInt({ min: 0n, max: 2n ** 70n }).map((id) => `{"id": ${id}, "x": 1.0}`),
    ),
  }),
});
const shape = { finish: fc.constantFrom("stop", "length"), pieces: fc.integer({ min: 1, max: 4 }), later: blank };
const spoken: fc.Arbitrary<Spoken> = fc.oneof(
  fc.record({
    ...shape,
    text: fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text.trim() !== ""),
    calls: fc.constant([]),
    roles: fc.tuple(fc.oneof(fc.constant("assistant"), blank), fc.oneof(fc.constant("assistant"), blank)),
  }),
  fc.record({
    ...shape,
    text: fc.string({ unit: "grapheme" }),
    calls: fc.uniqueArray(call, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    finish: fc.constantFrom("tool_calls", "length"),
    roles: fc.tuple(fc.constant("assistant"), fc.constantFrom("assistant", null, undefined)), // without one the client reads no call
  }),
);

const head = { id: "chatcmpl-1", created: 1, model: "any" };
const wholeOf = ({ text, calls, finish }: Spoken) =>
  JSON.stringify({
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
        finish_reason: finish,
      },
    ],
  });

function streamOf({ text, calls, finish, pieces: count, roles: [first, following], later }: Spoken): string {
  const pieces = (whole: string) =>
    whole.match(new RegExp(`.{1,${Math.ceil(whole.length / count) || 1}}`, "gsu")) ?? [];
  const deltas: object[] = [
    { role: first, content: "" },
    ...pieces(text).map((content) => ({ role: following, content })),
    ...calls.flatMap(({ id, type, function: { name, arguments: args } }, index) => [
      { role: following, tool_calls: [{ index, id, type, function: { name, arguments: "" } }] },
      ...pieces(args).map((part) => ({
        role: following,
        tool_calls: [{ index, id: later, function: { name: later, arguments: part } }],
      })),
    ]),
  ];
  const frames = [...deltas.map((delta) => [delta, null]), [{ role: following }, finish]];
  const events = frames.map(([delta, finish_reason]) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason }],
  }));
  return [...events.map((event) => JSON.stringify(event)), "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
}

/** What a client puts together of a stream. */
function joined(stream: string) {
  const chunks = stream.split("\n\n").filter((event) => event.startsWith("data: {"));
  const told = { text: "", calls: [] as { id: string; name: string; args: string }[], finish: "" };
  for (const { choices } of chunks.map((event) => JSON.parse(event.slice(6)))) {
    const { delta, finish_reason } = choices[0];
    told.text += delta.content ?? "";
    told.finish = finish_reason ?? told.finish;
    for (const { index, id, function: part } of delta.tool_calls ?? []) {
      told.calls[index] ??= { id, name: part.name, args: "" };
      told.calls[index].args += part.arguments;
    }
  }
  return told;
}

describe("an answer of OpenAI's API, however its server cuts it up", () => {
  it("is what the model said, streamed as well as whole", async () => {
    const property = fc.asyncProperty(spoken, async (said) => {
      const { text, calls, finish } = said;
      const expected = {
        text,
        calls: calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, args })),
        finish,
      };
      speak({ type: "text/event-stream", body: Buffer.from(streamOf(said)) });
      expect(joined(await (await ask(app, "openai", true)).text())).toEqual(expected);
      speak({ type: "application/json", body: Buffer.from(wholeOf(said)) });
      expect(await (await ask(app, "openai", false)).json()).toMatchObject({
        choices: [
          {
            message: calls.length > 0 ? { content: text || null, tool_calls: calls } : { content: text },
            finish_reason: finish,
          },
        ],
      });
    });
    await fc.assert(property, { numRuns: runsOf(2_000) });
  }, 600_000);
});

describe("any answer of Gemini's API", () => {
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.record({ text: mostly(words) }) as fc.Arbitrary<unknown> },
    {
      weight: 1,
      arbitrary: fc.record({
        functionCall: mostly(fc.record({ name: mostly(fc.string()), args: mostly(fc.object()) })),
      }),
    },
    { weight: 1, arbitrary: fc.record({ thought: fc.constant(true), text: words }) },
  );
  const candidate = fc.record(
    {
      content: mostly(
        fc.record({ role: mostly(fc.constant("model")), parts: mostly(fc.array(mostly(part), { maxLength: 2 })) }),
      ),
      finishReason: mostly(fc.constantFrom("STOP", "STOP", "MAX_TOKENS", "SAFETY")),
      index: fc.constant(0),
    },
    { requiredKeys: ["content", "index"] },
  );
  const count = mostly(fc.nat());
  const chunk = fc.record(
    {
      candidates: mostly(candidate.map((only) => [only])),
      usageMetadata: mostly(
        fc.record({ promptTokenCount: count, candidatesTokenCount: count, totalTokenCount: count }),
      ),
      promptFeedback: mostly(fc.constant({ blockReason: "SAFETY" })),
    },
    { requiredKeys: ["candidates"] },
  );
  const message = fc.constantFrom("down", `API key not valid: ${providerKey}`);
  const failure = fc.record({ error: mostly(fc.record({ code: fc.constant(500), message: mostly(message) })) });
  const stop = { candidates: [{ content: { role: "model", parts: [] }, finishReason: "STOP", index: 0 }] };
  const ending = fc.constantFrom("", `data: ${JSON.stringify(stop)}\r\n\r\n`);
  const stream = fc.tuple(events(chunk, failure), ending).map(([lines, end]) => [...lines, end].join(""));

  it("that streams is an answer, an error, or a stream that ends in one", async () => {
    const seen = { answered: 0, refused: 0, brokenOff: 0 };
    const property = fc.asyncProperty(delivered(stream, true), async (said) => {
      seen[await endsCleanly(app, "gemini", true, said)]++;
    });
    await fc.assert(property, { numRuns: runsOf(2_000) });
    expect(Object.values(seen).every((times) => times > runsOf(50))).toBe(true);
  }, 600_000);
});
