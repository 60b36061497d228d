import { ChatOpenAI } from "@langchain/openai";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { check, createCascade } from "../../src/index.js";
import { createApp } from "../../src/server/index.js";
import { runsOf } from "../support/property-runs.js";
import { connection, delivered, endsCleanly, events, mostly, providerKey, words } from "./fuzz-connection.js";

const chat = () => ({
  model: new ChatOpenAI({ model: "any", apiKey: providerKey, configuration: { fetch: connection } }),
  retry: false as const,
});
const ladder = createCascade({ models: { a: chat(), b: chat() }, verify: check(({ answer }) => answer.text !== "") });
const app = createApp({ models: { plain: chat() }, graphs: { ladder }, onError: () => {} });

beforeAll(() => {
  for (const method of ["log", "warn", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {}); // clients tell what they cannot read
});
afterAll(() => {
  vi.restoreAllMocks();
});

const blank = fc.constantFrom("", null, undefined);
const toolCalls = fc.array(
  fc.record({
    index: mostly(fc.nat(3)),
    id: mostly(fc.oneof(fc.string(), blank)),
    type: fc.constant("function"),
    function: mostly(fc.record({ name: mostly(fc.oneof(fc.string(), blank)), arguments: mostly(fc.string()) })),
  }),
  { maxLength: 2 },
);
const utterance = fc.record({
  role: mostly(fc.oneof(fc.constant("assistant"), blank)),
  content: mostly(words),
  tool_calls: mostly(fc.option(toolCalls, { nil: undefined, freq: 3 })),
  refusal: mostly(fc.constant(null)),
});
const finish = mostly(fc.constantFrom(null, null, "stop", "length", "tool_calls", "content_filter"));
const usage = fc.option(
  mostly(
    fc.record({ prompt_tokens: mostly(fc.nat()), completion_tokens: mostly(fc.nat()), total_tokens: mostly(fc.nat()) }),
  ),
);
const failure = fc.record({
  error: mostly(
    fc.record({
      message: mostly(fc.constantFrom("down", `Incorrect API key provided: ${providerKey}`)),
      type: mostly(fc.string()),
      code: mostly(fc.string()),
    }),
  ),
});
const head = { id: "chatcmpl-1", created: 1, model: "any" };
const choice = (field: "delta" | "message") =>
  mostly(fc.tuple(utterance, finish).map(([words, finish_reason]) => [{ index: 0, [field]: words, finish_reason }]));
const chunk = fc
  .tuple(choice("delta"), usage)
  .map(([choices, use]) => ({ ...head, object: "chat.completion.chunk", choices, usage: use }));
const completion = fc
  .tuple(choice("message"), usage)
  .map(([choices, use]) => ({ ...head, object: "chat.completion", choices, usage: use }));
const stop = { index: 0, delta: {}, finish_reason: "stop" };
const ending = fc.constantFrom(
  "",
  "data: [DONE]\n\n",
  `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [stop] })}\n\ndata: [DONE]\n\n`,
);
const stream = fc.tuple(events(chunk, failure), ending).map(([lines, end]) => [...lines, end].join(""));
const plain = fc.oneof(completion, failure, fc.jsonValue()).map((value) => JSON.stringify(value));

describe("any answer of OpenAI's API", () => {
  const models = fc.constantFrom(...Array<string>(9).fill("plain"), "ladder");

  it("that streams is an answer, an error, or a stream that ends in one", async () => {
    const seen = { answered: 0, refused: 0, brokenOff: 0 };
    const property = fc.asyncProperty(models, delivered(stream, true), async (model, said) => {
      seen[await endsCleanly(app, model, true, said)]++;
    });
    await fc.assert(property, { numRuns: runsOf(6_000) });
    expect(Object.values(seen).every((times) => times > runsOf(100))).toBe(true);
  }, 600_000);

  it("that comes whole is an answer or an error", async () => {
    const property = fc.asyncProperty(models, delivered(plain, false), async (model, said) => {
      await endsCleanly(app, model, false, said);
    });
    await fc.assert(property, { numRuns: runsOf(1_500) });
  }, 600_000);
});
