import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Deadline } from "./deadline.js";
import type { ErrorReply } from "./request-error.js";

export interface EventStreamOptions {
  /** Milliseconds between comments: proxies close a connection that is silent, often after 60 s. */
  readonly keepAlive: number;
  readonly deadline: Deadline;
  /** What is told of an error. */
  readonly failed: (error: unknown) => ErrorReply;
}

/** Sends events as server-sent events, as OpenAI's API does: `[DONE]` at the end, an error as an event without it. */
export function eventStream(
  context: Context,
  events: AsyncIterable<object>,
  { keepAlive, deadline, failed }: EventStreamOptions,
): Response {
  context.header("x-accel-buffering", "no"); // nginx passes events on as they come
  return streamSSE(context, async (stream) => {
    stream.onAbort(deadline.leave);
    const beat = setInterval(() => void stream.write(": keep-alive\n\n"), keepAlive);
    const send = (event: object) => stream.writeSSE({ data: JSON.stringify(event) });
    try {
      for await (const event of events) await send(event);
      await stream.writeSSE({ data: "[DONE]" });
    } catch (error) {
      await send(failed(error).body);
    } finally {
      clearInterval(beat);
      deadline.end();
    }
  });
}
