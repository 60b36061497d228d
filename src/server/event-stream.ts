import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { type Deadline, settledWithin } from "./deadline.js";
import type { ErrorReply } from "./request-error.js";

export interface EventStreamOptions {
  /** Milliseconds between comments, since proxies close silent connections, often after 60 s. */
  readonly keepAlive: number;
  readonly deadline: Deadline;
  readonly failed: (error: unknown) => ErrorReply;
}

/** Milliseconds for the client to read the final error. */
const errorWriteMs = 1_000;

/** Sends server-sent events as OpenAI's API does: `[DONE]` at the end, or an error event without it. */
export function eventStream(
  context: Context,
  events: AsyncIterable<object>,
  { keepAlive, deadline, failed }: EventStreamOptions,
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
    const send = (data: string) => write(`data: ${data}\n\n`);
    const beat = setInterval(() => waiting === 0 && void write(": keep-alive\n\n"), keepAlive);
    try {
      for await (const event of events) await deadline.within(send(JSON.stringify(event)));
      await deadline.within(send("[DONE]"));
    } catch (error) {
      clearInterval(beat);
      if (await settledWithin(send(JSON.stringify(failed(error).body)), errorWriteMs)) return;
      stream.abort();
      (context.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy(); // a client that does not read would keep it open
    } finally {
      clearInterval(beat);
      deadline.end();
    }
  });
}
