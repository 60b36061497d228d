import { Agent, request } from "node:http";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check, createCascade } from "../../src/index.js";
import { type RunningServer, serve } from "../../src/server/index.js";
import { expectError, expectStream } from "./wire.js";

const hello = () => new FakeListChatModel({ responses: ["Hello!"] });
const statuses = [200, 400, 404, 413, 415];

let server: RunningServer;
const failures: unknown[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
beforeAll(async () => {
  const ladder = createCascade({ models: { a: hello(), b: hello() }, verify: check(() => true) });
  const onError = (error: unknown) => failures.push(error);
  server = await serve({ models: { plain: hello() }, graphs: { ladder }, bodyLimit: 100_000, onError }, { port: 0 });
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

interface Sent {
  readonly body: Buffer;
  readonly type: string;
  /** Sent in pieces of so many bytes, without a length; 0 is in one, with it. */
  readonly piece: number;
}

/** Sends bytes over a socket, and reads what comes back, whatever it is. */
function exchange({ body, type, piece }: Sent): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": type, ...(piece === 0 && { "content-length": body.length }) };
    const sent = request(`${server.url}/v1/chat/completions`, { method: "POST", headers, agent }, async (reply) => {
      let text = "";
      for await (const part of reply.setEncoding("utf8")) text += part;
      resolve({ status: reply.statusCode!, type: reply.headers["content-type"] ?? "", text });
    });
    sent.on("error", reject);
    if (piece === 0) sent.write(body);
    else for (let at = 0; at < body.length; at += piece) sent.write(body.subarray(at, at + piece));
    sent.end();
  });
}

const text = fc.oneof({ weight: 9, arbitrary: fc.string() }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) });
const message = fc.record(
  {
    role: fc.constantFrom("system", "user", "assistant", "tool", "robot"),
    content: fc.oneof(
      text,
      fc.constant(null),
      fc.array(fc.record({ type: fc.constant("text"), text }), { maxLength: 3 }),
    ),
    tool_calls: fc.array(
      fc.record({ id: text, function: fc.record({ name: text, arguments: fc.oneof(fc.json(), fc.object()) }) }),
    ),
    reasoning_content: text,
  },
  { requiredKeys: ["role"] },
);
const body = fc.record(
  {
    model: fc.constantFrom("plain", "ladder", "", "nobody"),
    messages: fc.oneof(
      { weight: 9, arbitrary: fc.array(message, { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    stream: fc.constantFrom(true, false, null),
    max_tokens: fc.constantFrom(-1, 0, 1, 1e9, "1"),
    stop: fc.oneof(text, fc.array(text, { maxLength: 5 })),
    seed: fc.oneof(fc.integer(), fc.double()),
    metadata: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ["messages"] },
);

/** JSON, with a bite out of it or bytes put in, and now and then none at all. */
const bytes = fc.oneof(
  { weight: 6, arbitrary: body.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.from(raw)) },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))) },
  {
    weight: 2,
    arbitrary: fc.tuple(body, fc.nat(), fc.uint8Array({ maxLength: 8 })).map(([value, at, wedge]) => {
      const whole = Buffer.from(JSON.stringify(value));
      const cut = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, cut), wedge, whole.subarray(cut + wedge.length)]);
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("[", '{"a":', "0,", "[],", "\\u0041"), fc.nat(80_000))
      .map(([piece, times]) => Buffer.from(`{"messages":[${piece.repeat(times)}`)),
  },
);
const types = fc.oneof(
  { weight: 12, arbitrary: fc.constant("application/json") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded"),
  },
);
const sent: fc.Arbitrary<Sent> = fc.record({ body: bytes, type: types, piece: fc.constantFrom(0, 0, 0, 1_000) });

describe("3,000 bodies over a socket", () => {
  it("are answered, or refused as OpenAI's API refuses, and the server lives on", async () => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 8, maxLength: 8 }), async (batch) => {
        for (const reply of await Promise.all(batch.map(exchange))) {
          expect(statuses).toContain(reply.status);
          seen.set(reply.status, (seen.get(reply.status) ?? 0) + 1);
          if (reply.status !== 200) expectError(JSON.parse(reply.text));
          else if (reply.type.startsWith("text/event-stream")) expectStream(reply.text);
          else expect(JSON.parse(reply.text)).toMatchObject({ object: "chat.completion" });
        }
      }),
      { numRuns: 375, seed: 20_261_129, endOnFailure: true },
    );
    expect(failures).toEqual([]);
    expect([...seen.values()].reduce((sum, times) => sum + times, 0)).toBe(3_000);
    for (const status of statuses) expect([status, (seen.get(status) ?? 0) > 10]).toEqual([status, true]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  }, 600_000);
});
