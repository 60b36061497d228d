import { AIMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import fc from "fast-check";
import { expect } from "vitest";
import { check, createCascade } from "../../../src/index.js";
import { createApp } from "../../../src/server/index.js";
import { runsOf } from "../../support/property-runs.js";

const serverKey = "server-key-0123456789";
const providerKey = "sk-provider0123456789abcdef";

/** A model that has tools and a key, calls the first tool at times, and whose provider is sometimes down, with the key in its message. */
class KeptModel extends FakeListChatModel {
  private calls = 0;
  constructor() {
    super({ responses: ["Hello, who are you?"] });
  }
  override bindTools(): this {
    return this;
  }
  override async _generate() {
    this.calls++;
    if (this.calls % 5 === 0) {
      throw Object.assign(new Error(`Incorrect API key provided: ${providerKey}`), { status: 401 });
    }
    const tool_calls = this.calls % 3 === 0 ? [{ id: "call_1", name: "tool", args: { city: "Oslo" } }] : [];
    const message = new AIMessage({ content: "Hello, who are you?", tool_calls });
    return { generations: [{ text: message.text, message }] };
  }
}

const single = () => ({ model: new KeptModel(), retry: false }) as const;
const app = createApp({
  models: { plain: single() },
  graphs: { ladder: createCascade({ models: { a: single(), b: single() }, verify: check(() => true) }) },
  apiKeys: [serverKey],
  onError: () => {},
});
const headers = { "content-type": "application/json", "x-api-key": serverKey };
const statuses: readonly number[] = [200, 400, 403, 404, 406];

/** A valid value nearly always, now and then any other. */
export const mostly = <Value>(valid: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 120, arbitrary: valid as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });
export const record = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys = Object.keys(fields)) =>
  mostly(fc.record(fields, { requiredKeys }));
export const word = fc.string({ minLength: 1, unit: "grapheme" });
export const text = mostly(
  fc.oneof({ weight: 30, arbitrary: word }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) }),
);
export const list = (item: fc.Arbitrary<unknown>, maxLength = 3) => mostly(fc.array(item, { minLength: 1, maxLength }));
export const named = mostly(fc.constantFrom("plain", "ladder", "plain", "ladder", "plain", "ladder", "nobody"));

/** How replies of a protocol are checked. */
export interface Shape {
  readonly path: string;
  readonly request: fc.Arbitrary<unknown>;
  expectReply(body: unknown): void;
  expectError(body: unknown): void;
  /** Names of the event that ends a stream, well or not. */
  readonly ends: readonly string[];
}

/** Sends 10,000 bodies of a protocol, scaled: any JSON, nearly requests, and requests with a bite out of them. */
export async function sendBodies({ path, request, expectReply, expectError, ends }: Shape): Promise<void> {
  const seen = new Map<number, number>();
  const answersCleanly = async (body: BodyInit) => {
    const reply = await app.request(path, { method: "POST", headers, body });
    const said = await reply.text();
    expect(said).not.toContain(serverKey);
    expect(said).not.toContain(providerKey);
    expect(statuses).toContain(reply.status);
    seen.set(reply.status, (seen.get(reply.status) ?? 0) + 1);
    if (reply.status !== 200) return expectError(JSON.parse(said));
    if (reply.headers.get("content-type") !== "text/event-stream") return expectReply(JSON.parse(said));
    const events = said.trim().split("\n\n");
    for (const event of events) {
      const [, type, data] = /^event: (.+)\ndata: (.+)$/.exec(event)!;
      expect(JSON.parse(data!).type).toBe(type);
    }
    expect(ends).toContain(events.at(-1)!.split("\n")[0]!.slice("event: ".length));
  };
  const bites = fc.tuple(request, fc.nat(), fc.uint8Array({ maxLength: 8 })).map(([value, at, wedge]) => {
    const whole = Buffer.from(JSON.stringify(value));
    const cut = at % (whole.length + 1);
    return Uint8Array.from([...whole.subarray(0, cut), ...wedge, ...whole.subarray(cut + wedge.length)]);
  });
  const any = fc.asyncProperty(fc.jsonValue(), (value) => answersCleanly(JSON.stringify(value)));
  const near = fc.asyncProperty(request, (value) => answersCleanly(JSON.stringify(value)));
  const bitten = fc.asyncProperty(bites, (body) => answersCleanly(body as Uint8Array<ArrayBuffer>));
  await fc.assert(any, { numRuns: runsOf(2_000) });
  await fc.assert(near, { numRuns: runsOf(6_000) });
  await fc.assert(bitten, { numRuns: runsOf(2_000) });
  for (const status of [200, 400, 403, 404])
    expect([status, (seen.get(status) ?? 0) > runsOf(20)]).toEqual([status, true]); // each way out was taken
}
