import { randomUUID } from "node:crypto";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Context } from "hono";
import type { AppOptions, FailedRequest, ReplyStream } from "../app-options.js";
import type { Catalogue } from "../catalogue.js";
import { completion, type ReplyHead } from "../completion.js";
import { chunkWriter } from "../completion-chunks.js";
import { openDeadline, settledWithin } from "../deadline.js";
import { eventStream } from "../event-stream.js";
import { replyTo } from "../reply-to.js";
import { type ErrorReply, isServerFailure, send } from "../request-error.js";
import { type Run, runOf } from "../run.js";
import { answering } from "../tasks.js";
import type { ChatRequest } from "./chat-request.js";

export interface Endpoint {
  readonly served: Catalogue;
  readonly tasks: AppOptions["tasks"];
  readonly read: (context: Context) => Promise<ChatRequest>;
  /** Milliseconds until a request is aborted. */
  readonly timeout: number;
  /** Milliseconds of silence until a stream sends a comment. */
  readonly keepAlive: number;
  /** How a stream comes unless the request says otherwise. */
  readonly stream: ReplyStream;
  /** Receives failures the request did not cause. */
  readonly report: (error: unknown, request: FailedRequest) => void;
}

/** Answers a request; on time-out or disconnect, the model calls are aborted too. */
export async function answerRequest(
  context: Context,
  { served, tasks, read, timeout, keepAlive, stream, report }: Endpoint,
): Promise<Response> {
  const id = `chatcmpl-${randomUUID()}`;
  context.header("x-request-id", id);
  const deadline = openDeadline(context.req.raw.signal, timeout);
  let model: string | undefined;
  let streams = false;
  const failed = (error: unknown): ErrorReply => {
    const reply = replyTo(deadline.signal.aborted ? deadline.signal.reason : error);
    if (isServerFailure(reply)) report(error, { id, model });
    return reply;
  };
  try {
    const request = await deadline.within(read(context));
    deadline.begin();
    const found = answering(request, served, tasks);
    model = found.name;
    const head = { id, created: Math.floor(Date.now() / 1_000), model };
    const run = runOf(request, found, deadline.signal, stream);
    if (request.stream !== true) return context.json(completion(head, await deadline.within(run.whole()), run));
    const chunks = run.chunks();
    const first = deadline.within(chunks.next());
    await settledWithin(first, keepAlive); // earlier failures still get an HTTP status
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

async function* eventsOf(
  request: ChatRequest,
  head: ReplyHead,
  run: Run,
  { first, next }: Parts,
): AsyncGenerator<object> {
  const writer = chunkWriter(head, run, request.stream_options?.include_usage === true);
  yield* writer.begin();
  for (let part = await first; part.done !== true; part = await next()) yield* writer.next(part.value);
  yield* writer.end();
}
