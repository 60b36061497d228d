import fc from "fast-check";
import type { Hono } from "hono";
import { expect } from "vitest";
import { asks } from "./serving.js";
import { expectError, expectStream } from "./wire.js";

export const providerKey = "sk-provider0123456789abcdef";

/** What a provider sends, whatever was asked. */
export interface Said {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  /** Bytes of the first piece; the rest comes as a second one. */
  readonly cut: number;
  /** The connection is lost where the body should end. */
  readonly lost: boolean;
}

let said: Said;

/** What comes over the connection next. */
export function speak(next: Pick<Said, "type" | "body"> & Partial<Said>): void {
  said = { status: 200, cut: next.body.length, lost: false, ...next };
}

/** The provider: the client is the real one, and reads what came over its connection. */
export const connection: typeof fetch = async () => {
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

export const ask = (app: Hono, model: string, stream: boolean, more: object = {}) =>
  app.request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, stream, messages: asks("Hi"), ...more }),
  });

/** How requests end: with an answer, an error, or a stream whose last event is an error. */
export type Ending = "answered" | "refused" | "brokenOff";

/** @returns how it ended; any other end fails */
export async function endsCleanly(app: Hono, model: string, stream: boolean, spoken: Said): Promise<Ending> {
  speak(spoken);
  const reply = await ask(app, model, stream, { stream_options: { include_usage: true } });
  const text = await reply.text();
  expect(text).not.toContain(providerKey);
  if (reply.status !== 200) {
    expect([400, 402, 403, 406, 429, 502, 504]).toContain(reply.status);
    expectError(JSON.parse(text));
    return "refused";
  }
  if (stream) return expectStream(text) ? "answered" : "brokenOff";
  expect(JSON.parse(text)).toMatchObject({ object: "chat.completion", usage: {}, orchestration: { model: "any" } });
  return "answered";
}

/** A valid value most of the time, now and then any other. */
export const mostly = <Value>(valid: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 60, arbitrary: valid as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });

export const words = fc.oneof(
  { weight: 300, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.nat(300_000).map((length) => "word ".repeat(length / 5)) }, // a huge line
);

/** Events of a stream, with what is no event of its provider in between. */
export const events = (event: fc.Arbitrary<unknown>, failure: fc.Arbitrary<unknown>) =>
  fc.array(
    fc.oneof(
      { weight: 20, arbitrary: event.map((value) => `data: ${JSON.stringify(value)}\n\n`) },
      { weight: 1, arbitrary: failure.map((value) => `data: ${JSON.stringify(value)}\n\n`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ": ping\n\n",
          "event: x\nid: 1\n",
          "\r\n\r\n",
          "data:\n\n",
          "data: [DONE]\n\n",
          "\n",
        ),
      },
      { weight: 1, arbitrary: fc.string().map((text) => `data: ${text}\n\n`) },
    ),
    { maxLength: 6 },
  );

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

/** A text as it may arrive: with another status or type, in pieces, damaged, or not to its end. */
export const delivered = (text: fc.Arbitrary<string>, streams: boolean): fc.Arbitrary<Said> =>
  fc.record({
    status: fc.oneof(
      { weight: 9, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(400, 401, 404, 418, 429, 500, 503) },
    ),
    type: fc.constantFrom(...(streams ? ["text/event-stream"] : []), "application/json", "text/html"),
    body: fc.oneof({ weight: 9, arbitrary: bitten(text) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) }),
    cut: fc.nat(400),
    lost: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
