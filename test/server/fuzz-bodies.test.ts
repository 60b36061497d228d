import { AIMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check, createCascade } from "../../src/index.js";
import { createApp } from "../../src/server/index.js";
import { runsOf } from "../support/property-runs.js";
import { expectError, expectStream } from "./wire.js";

const serverKey = "server-key-0123456789";
const providerKey = "sk-provider0123456789abcdef";

/** A model that has tools and a key, and whose provider is sometimes down, with the key in its message. */
class KeptModel extends FakeListChatModel {
  private calls = 0;
  constructor() {
    super({ responses: ["Hello, who are you?"] });
  }
  override bindTools(): this {
    return this;
  }
  override async _generate() {
    if (++this.calls % 5 === 0) {
      throw Object.assign(new Error(`Incorrect API key provided: ${providerKey}`), { status: 401 });
    }
    const message = new AIMessage("Hello, who are you?");
    return { generations: [{ text: message.text, message }] };
  }
}

const app = createApp({
  models: { plain: { model: new KeptModel(), retry: false } },
  graphs: {
    ladder: createCascade({
      models: { a: { model: new KeptModel(), retry: false }, b: { model: new KeptModel(), retry: false } },
      verify: check(() => true),
    }),
  },
  apiKeys: [serverKey],
  onError: () => {},
});
const headers = { "content-type": "application/json", authorization: `Bearer ${serverKey}` };
const statuses = new Set([200, 400, 403, 404, 406]);
const seen: Record<number, number> = {};

/** Sends a body; what comes back is an answer or an error in OpenAI's shape, and holds no key. */
async function answersCleanly(body: BodyInit): Promise<void> {
  const reply = await app.request("/v1/chat/completions", { method: "POST", headers, body });
  const text = await reply.text();
  expect(text).not.toContain(serverKey);
  expect(text).not.toContain(providerKey);
  expect(statuses).toContain(reply.status);
  seen[reply.status] = (seen[reply.status] ?? 0) + 1;
  if (reply.status !== 200) return expectError(JSON.parse(text));
  if (reply.headers.get("content-type") !== "text/event-stream") {
    expect(JSON.parse(text)).toMatchObject({ object: "chat.completion", choices: [{ index: 0 }], orchestration: {} });
    return;
  }
  expectStream(text);
}

/** A valid value nearly always, now and then any other. */
const mostly = <Value>(valid: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 120, arbitrary: valid as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });
const record = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys = Object.keys(fields)) =>
  mostly(fc.record(fields, { requiredKeys }));
const word = fc.string({ minLength: 1, unit: "grapheme" });
const text = mostly(fc.oneof({ weight: 30, arbitrary: word }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) }));
const list = (item: fc.Arbitrary<unknown>, maxLength = 3) => mostly(fc.array(item, { minLength: 1, maxLength }));

const textPart = record({ type: fc.constant("text"), text });
const imagePart = record({ type: fc.constant("image_url"), image_url: record({ url: text, detail: text }, ["url"]) });
const called = record({ name: word, arguments: mostly(fc.oneof(fc.json(), text)) });
const toolCalls = list(record({ id: word, type: fc.constant("function"), function: called }));
const message = mostly(
  fc.oneof(
    record({ role: fc.constantFrom("system", "developer"), content: fc.oneof(text, list(textPart)), name: word }),
    record({ role: fc.constant("user"), content: fc.oneof(text, list(fc.oneof(textPart, imagePart))), name: text }),
    record({ role: fc.constant("assistant"), content: text, refusal: text, tool_calls: toolCalls }, [
      "role",
      "content",
    ]),
    record({ role: fc.constant("tool"), content: fc.oneof(text, list(textPart)), tool_call_id: word }),
  ),
);
const tool = record({
  type: fc.constant("function"),
  function: record({ name: word, description: text, parameters: mostly(fc.object()), strict: fc.boolean() }, ["name"]),
});
const form = record({ name: fc.constant("form"), schema: mostly(fc.object()), strict: fc.boolean() }, [
  "name",
  "schema",
]);
const number = (min: number, max: number) => mostly(fc.double({ min, max, noNaN: true }));
const count = mostly(fc.integer({ min: 1 }));
const request = record(
  {
    model: mostly(fc.constantFrom("plain", "ladder", "plain", "ladder", "plain", "ladder", "nobody")),
    messages: list(message, 4),
    stream: mostly(fc.boolean()),
    stream_options: record({ include_usage: fc.boolean() }),
    tools: list(tool, 2),
    tool_choice: mostly(fc.constantFrom("auto", "none", "required")),
    parallel_tool_calls: mostly(fc.boolean()),
    response_format: mostly(
      fc.oneof(
        record({ type: fc.constantFrom("text", "json_object") }),
        record({ type: fc.constant("json_schema"), json_schema: form }),
      ),
    ),
    temperature: mostly(fc.constant(null)),
    top_p: number(0, 1),
    max_tokens: count,
    stop: mostly(fc.oneof(text, list(text, 4))),
    n: mostly(fc.constant(1)),
    seed: mostly(fc.integer()),
    reasoning_effort: mostly(fc.constantFrom("low", "high")),
    store: fc.jsonValue(),
    user: text,
    metadata: mostly(fc.dictionary(fc.string(), text)),
  },
  ["model", "messages"],
);

describe("any body", () => {
  it("of JSON is answered, or refused as OpenAI's API refuses", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), (value) => answersCleanly(JSON.stringify(value))),
      { numRuns: runsOf(4_000) },
    );
  }, 600_000);

  it("that is nearly a request is answered, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(request, (value) => answersCleanly(JSON.stringify(value))),
      { numRuns: runsOf(6_000) },
    );
    expect(Object.values(seen).every((times) => times > runsOf(20))).toBe(true); // each way out was taken, not only the first refusal
    expect(Object.keys(seen).map(Number)).toEqual([...statuses]);
  }, 600_000);

  it("of bytes, or of a request with a bite out of it, is refused", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(request, fc.nat(), fc.uint8Array({ maxLength: 8 })).map(([value, at, wedge]) => {
        const whole = Buffer.from(JSON.stringify(value));
        const cut = at % (whole.length + 1);
        return Uint8Array.from([...whole.subarray(0, cut), ...wedge, ...whole.subarray(cut + wedge.length)]);
      }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, (body) => answersCleanly(body as Uint8Array<ArrayBuffer>)),
      { numRuns: runsOf(4_000) },
    );
  }, 600_000);
});
