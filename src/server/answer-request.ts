import { randomUUID } from "node:crypto";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Context } from "hono";
import type { Served } from "./catalogue.js";
import type { ChatRequest } from "./chat-request.js";
import { completion, type Head } from "./completion.js";
import { chunkWriter } from "./completion-chunks.js";
import { openDeadline } from "./deadline.js";
import { eventStream } from "./event-stream.js";
import { type ErrorReply, replyTo, send } from "./request-error.js";
import { type Run, runOf } from "./run.js";

export interface AnswerLimits {
  /** Milliseconds until a request is given up. */
  readonly timeout: number;
  /** Milliseconds a stream may be silent. */
  readonly keepAlive: number;
  /** Is told of what is answered with 500 and above. */
  readonly report: (error: unknown) => void;
}

/** Runs a request until it is answered, takes too long, or its client goes away: then the models are aborted too. */
export async function answerRequest(
  context: Context,
  request: ChatRequest,
  served: Served,
  { timeout, keepAlive, report }: AnswerLimits,
): Promise<Response> {
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1_000), model: served.name };
  const deadline = openDeadline(context.req.raw.signal, timeout);
  const failed = (error: unknown): ErrorReply => {
    const reply = replyTo(deadline.signal.aborted ? deadline.signal.reason : error);
    if (reply.status >= 500) report(error);
    return reply;
  };
  let streams = false;
  try {
    const run = runOf(request, served, deadline.signal);
    if (request.stream !== true) return context.json(completion(head, await deadline.within(run.whole()), run));
    const chunks = run.chunks();
    const first = deadline.within(chunks.next());
    await settledOrLate(first, keepAlive); // what fails until then has a status of its own
    streams = true;
    const events = eventsOf(request, head, run, { first, next: () => deadline.within(chunks.next()) });
    return eventStream(context, events, { keepAlive, deadline, failed });
  } catch (error) {
    return send(context, failed(error));
  } finally {
    if (!streams) deadline.end();
  }
}

interface Parts {
  readonly first: Promise<IteratorResult<AIMessageChunk>>;
  readonly next: () => Promise<IteratorResult<AIMessageChunk>>;
}

async function* eventsOf(request: ChatRequest, head: Head, run: Run, { first, next }: Parts): AsyncGenerator<object> {
  const writer = chunkWriter(head, run, request.stream_options?.include_usage === true);
  yield* writer.begin();
  for (let part = await first; part.done !== true; part = await next()) yield* writer.next(part.value);
  yield* writer.end();
}

/** Waits until work is settled, but no longer than `ms`. */
async function settledOrLate(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
