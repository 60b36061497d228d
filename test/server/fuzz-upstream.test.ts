import { ChatOpenAI } from "@langchain/openai";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { check, createCascade } from "../../src/index.js";
import { createApp } from "../../src/server/index.js";
import { asks } from "./serving.js";
import { expectError, expectStream } from "./wire.js";

const providerKey = "sk-provider0123456789abcdef";

/** What a provider sends, whatever was asked. */
interface Said {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  /** Bytes of the first piece; the rest comes as a second one. */
  readonly cut: number;
  /** The connection is lost where the body should end. */
  readonly lost: boolean;
}

let said: Said;

/** The provider: the client is the real one, and reads what came over its connection. */
const connection: typeof fetch = async () => {
  const { status, type, body, cut, lost } = said;
  const pieces = new ReadableStream({
    start(controller) {
      for (const piece of [body.subarray(0, cut), body.subarray(cut)]) if (piece.length > 0) controller.enqueue(piece);
      if (lost) controller.error(Object.assign(new TypeError("terminated"), { cause: new Error("other side closed") }));
      else controller.close();
    },
  });
  return new Response(pieces, { status, headers: { "content-type": type } });
};
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

const seen = { answered: 0, refused: 0, brokenOff: 0 };

/** Every request ends with an answer, an error, or a stream whose last event is an error. */
async function endsCleanly(model: string, stream: boolean, spoken: Said): Promise<void> {
  said = spoken;
  const reply = await app.request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, stream, messages: asks("Hi"), stream_options: { include_usage: true } }),
  });
  const text = await reply.text();
  expect(text).not.toContain(providerKey);
  if (reply.status !== 200) {
    expect([400, 401, 429, 502, 504]).toContain(reply.status);
    expectError(JSON.parse(text));
    seen.refused++;
    return;
  }
  if (!stream) {
    expect(JSON.parse(text)).toMatchObject({ object: "chat.completion", usage: {}, orchestration: { model: "any" } });
    seen.answered++;
    return;
  }
  seen[expectStream(text) ? "answered" : "brokenOff"]++;
}

/** A valid value most of the time, now and then any other. */
const mostly = <Value>(valid: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 60, arbitrary: valid as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });
const words = fc.oneof(
  { weight: 300, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.nat(300_000).map((length) => "word ".repeat(length / 5)) }, // a huge line
);
const toolCalls = fc.array(
  fc.record({
    index: mostly(fc.nat(3)),
    id: mostly(fc.string()),
    type: fc.constant("function"),
    function: mostly(fc.record({ name: mostly(fc.string()), arguments: mostly(fc.string()) })),
  }),
  { maxLength: 2 },
);
const utterance = fc.record({
  role: mostly(fc.constant("assistant")),
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

const line = fc.oneof(
  { weight: 20, arbitrary: chunk.map((value) => `data: ${JSON.stringify(value)}\n\n`) },
  { weight: 1, arbitrary: failure.map((value) => `data: ${JSON.stringify(value)}\n\n`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(": ping\n\n", "event: x\nid: 1\n", "\r\n\r\n", "data:\n\n", "data: [DONE]\n\n", "\n"),
  },
  { weight: 1, arbitrary: fc.string().map((text) => `data: ${text}\n\n`) },
);
const stop = { index: 0, delta: {}, finish_reason: "stop" };
const ending = fc.constantFrom(
  "",
  "data: [DONE]\n\n",
  `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [stop] })}\n\ndata: [DONE]\n\n`,
);
const stream = fc.tuple(fc.array(line, { maxLength: 6 }), ending).map(([lines, end]) => [...lines, end].join(""));
const plain = fc.oneof(completion, failure, fc.jsonValue()).map((value) => JSON.stringify(value));

/** A body with a bite out of it, or bytes put in, now and then. */
const bitten = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.option(fc.tuple(fc.nat(), fc.nat(20), fc.uint8Array({ maxLength: 8 })), { freq: 3 }))
    .map(([whole, bite]) => {
      const bytes = Buffer.from(whole);
      if (bite === null) return bytes;
      const [at, length, wedge] = bite;
      const from = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, from), wedge, bytes.subarray(from + length)]);
    });

const spoken = (streams: boolean): fc.Arbitrary<Said> =>
  fc.record({
    status: fc.oneof(
      { weight: 9, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(400, 401, 404, 418, 429, 500, 503) },
    ),
    type: fc.constantFrom(...(streams ? ["text/event-stream"] : []), "application/json", "text/html"),
    body: fc.oneof(
      { weight: 9, arbitrary: bitten(streams ? stream : plain) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    ),
    cut: fc.nat(400),
    lost: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });

describe("any answer of a provider", () => {
  const models = fc.constantFrom(...Array<string>(9).fill("plain"), "ladder");

  it("that streams is an answer, an error, or a stream that ends in one", async () => {
    const property = fc.asyncProperty(models, spoken(true), (model, answer) => endsCleanly(model, true, answer));
    await fc.assert(property, { numRuns: 6_500 });
    expect(Object.values(seen).every((times) => times > 100)).toBe(true);
  }, 300_000);

  it("that comes whole is an answer or an error", async () => {
    const property = fc.asyncProperty(models, spoken(false), (model, answer) => endsCleanly(model, false, answer));
    await fc.assert(property, { numRuns: 3_500 });
  }, 300_000);
});
