import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { type Deadline, settledWithin } from "./deadline.js";
import type { Protocol } from "./protocol.js";

export interface EventStreamOptions {
  readonly protocol: Protocol;
  /** Milliseconds between comments, since proxies close silent connections, often after 60 s. */
  readonly keepAlive: number;
  readonly deadline: Deadline;
  /** Returns the last events of a stream that failed. */
  readonly fail: (error: unknown) => object[];
}

/** Milliseconds for the client to read the final error. */
const errorWriteMs = 1_000;

/** Sends server-sent events as a protocol frames them. */
export function eventStream(
  context: Context,
  events: AsyncIterable<object>,
  { protocol, keepAlive, deadline, fail }: EventStreamOptions,
): Response {
  context.header("x-accel-buffering", "no"); // disables buffering in nginx
  return streamSSE(context, async (stream) => {
    stream.onAbort(deadline.leave);
    let waiting = 0; // writes the client has not read yet
    const write = async (text: string) => {
      waiting++;
      await stream.write(text);
      waiting--;
    };
    const beat = setInterval(() => waiting === 0 && void write(protocol.keepAlive), keepAlive);
    try {
      for await (const event of events) await deadline.within(write(protocol.frame(event)));
      if (protocol.closing !== undefined) await deadline.within(write(protocol.closing));
    } catch (error) {
      clearInterval(beat);
      if (await settledWithin(write(fail(error).map(protocol.frame).join("")), errorWriteMs)) return;
      stream.abort();
      (context.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy(); // a client that does not read would keep it open
    } finally {
      clearInterval(beat);
      deadline.end();
    }
  });
}
