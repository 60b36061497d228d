import { randomUUID } from "node:crypto";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Context } from "hono";
import type { FailedRequest } from "../app-options.js";
import { type Catalogue, chosenFrom } from "../catalogue.js";
import { completion, type Head } from "../completion.js";
import { chunkWriter } from "../completion-chunks.js";
import { openDeadline, settledWithin } from "../deadline.js";
import { eventStream } from "../event-stream.js";
import { replyTo } from "../reply-to.js";
import { type ErrorReply, isOurs, send } from "../request-error.js";
import { type Run, runOf } from "../run.js";
import type { ChatRequest } from "./chat-request.js";

/** What requests are answered with. */
export interface Answering {
  readonly served: Catalogue;
  readonly read: (context: Context) => Promise<ChatRequest>;
  /** Milliseconds until a request is given up. */
  readonly timeout: number;
  /** Milliseconds a stream may be silent. */
  readonly keepAlive: number;
  /** Is told of every failure that is not one of the request. */
  readonly report: (error: unknown, request: FailedRequest) => void;
}

/** Answers a request, unless it takes too long or its client goes away: then the models are aborted too. */
export async function answerRequest(
  context: Context,
  { served, read, timeout, keepAlive, report }: Answering,
): Promise<Response> {
  const id = `chatcmpl-${randomUUID()}`;
  context.header("x-request-id", id);
  const deadline = openDeadline(context.req.raw.signal, timeout);
  let model: string | undefined;
  let streams = false;
  const failed = (error: unknown): ErrorReply => {
    const reply = replyTo(deadline.signal.aborted ? deadline.signal.reason : error);
    if (isOurs(reply)) report(error, { id, model });
    return reply;
  };
  try {
    const request = await deadline.within(read(context));
    deadline.begin();
    const found = chosenFrom(served, request.model);
    model = found.name;
    const head = { id, created: Math.floor(Date.now() / 1_000), model };
    const run = runOf(request, found, deadline.signal);
    if (request.stream !== true) return context.json(completion(head, await deadline.within(run.whole()), run));
    const chunks = run.chunks();
    const first = deadline.within(chunks.next());
    await settledWithin(first, keepAlive); // what fails until then has a status of its own
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
