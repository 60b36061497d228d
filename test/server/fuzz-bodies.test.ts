import { AIMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check, createCascade } from "../../src/index.js";
import { createApp } from "../../src/server/index.js";
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
const statuses = new Set([200, 400, 404, 502]);
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

/** A valid value most of the time, now and then any other. */
const mostly = <Value>(valid: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: valid as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });
const record = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []) =>
  mostly(fc.record(fields, { requiredKeys }));
const text = mostly(fc.string({ unit: "binary" }));
const part = record(
  {
    type: mostly(fc.constantFrom("text", "image_url", "input_audio", "refusal")),
    text,
    refusal: text,
    image_url: record({ url: text }),
  },
  ["type"],
);
const content = mostly(fc.oneof(text, fc.array(part, { maxLength: 3 }), fc.constant(null)));
const toolCall = record(
  { id: text, type: fc.constant("function"), function: record({ name: text, arguments: text }, ["name", "arguments"]) },
  ["id", "function"],
);
const message = record(
  {
    role: mostly(fc.constantFrom("system", "developer", "user", "assistant", "tool")),
    content,
    name: text,
    tool_calls: mostly(fc.array(toolCall, { maxLength: 2 })),
    tool_call_id: text,
    refusal: content,
  },
  ["role", "content"],
);
const tool = record(
  {
    type: fc.constant("function"),
    function: record({ name: text, parameters: mostly(fc.object()), strict: fc.boolean() }, ["name"]),
  },
  ["type", "function"],
);
const setting = mostly(fc.double({ min: -3, max: 3 }));
const request = record(
  {
    model: mostly(fc.constantFrom("plain", "ladder", "plain", "ladder", "nobody")),
    messages: mostly(fc.array(message, { maxLength: 4 })),
    stream: mostly(fc.boolean()),
    stream_options: record({ include_usage: fc.boolean() }),
    tools: mostly(fc.array(tool, { maxLength: 2 })),
    tool_choice: mostly(fc.constantFrom("auto", "none", "required")),
    parallel_tool_calls: mostly(fc.boolean()),
    response_format: record(
      {
        type: mostly(fc.constantFrom("text", "json_object", "json_schema")),
        json_schema: record({ name: mostly(fc.constant("form")), schema: mostly(fc.object()) }, ["name", "schema"]),
      },
      ["type"],
    ),
    temperature: setting,
    top_p: setting,
    max_tokens: mostly(fc.integer()),
    stop: mostly(fc.array(text, { maxLength: 5 })),
    n: setting,
    seed: setting,
    user: text,
    metadata: mostly(fc.dictionary(fc.string(), text)),
  },
  ["model", "messages"],
);

describe("any body", () => {
  it("of JSON is answered, or refused as OpenAI's API refuses", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), (value) => answersCleanly(JSON.stringify(value))),
      { numRuns: 4_000 },
    );
  }, 120_000);

  it("that is nearly a request is answered, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(request, (value) => answersCleanly(JSON.stringify(value))),
      { numRuns: 6_000 },
    );
    console.log(seen);
    expect(Object.values(seen).every((times) => times > 100)).toBe(true); // each way out was taken, not only the first refusal
    expect(Object.keys(seen).map(Number)).toEqual([...statuses]);
    console.log(seen);
  }, 120_000);

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
      { numRuns: 4_000 },
    );
  }, 120_000);
});
