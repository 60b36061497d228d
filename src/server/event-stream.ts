import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { type Deadline, settledWithin } from "./deadline.js";
import type { ErrorReply } from "./request-error.js";

export interface EventStreamOptions {
  /** Milliseconds between comments: proxies close a connection that is silent, often after 60 s. */
  readonly keepAlive: number;
  readonly deadline: Deadline;
  /** What is told of an error. */
  readonly failed: (error: unknown) => ErrorReply;
}

/** Milliseconds a client has to take the error its stream ends with. */
const farewell = 1_000;

/** Sends events as server-sent events, as OpenAI's API does: `[DONE]` at the end, an error as an event without it. */
export function eventStream(
  context: Context,
  events: AsyncIterable<object>,
  { keepAlive, deadline, failed }: EventStreamOptions,
): Response {
  context.header("x-accel-buffering", "no"); // nginx passes events on as they come
  return streamSSE(context, async (stream) => {
    stream.onAbort(deadline.leave);
    let waiting = 0; // writes the client has not taken yet
    const write = async (text: string) => {
      waiting++;
      await stream.write(text);
      waiting--;
    };
    const send = (data: string) => write(`data: ${data}\n\n`);
    const beat = setInterval(() => waiting === 0 && void write(": keep-alive\n\n"), keepAlive);
    try {
      for await (const event of events) await deadline.within(send(JSON.stringify(event)));
      await deadline.within(send("[DONE]"));
    } catch (error) {
      clearInterval(beat);
      if (await settledWithin(send(JSON.stringify(failed(error).body)), farewell)) return;
      stream.abort();
      (context.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy(); // it waits for a client that does not read
    } finally {
      clearInterval(beat);
      deadline.end();
    }
  });
}
