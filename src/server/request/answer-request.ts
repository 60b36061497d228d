import { randomUUID } from "node:crypto";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Context } from "hono";
import type { AppOptions, FailedRequest, ReplyStream } from "../app-options.js";
import type { Catalogue } from "../catalogue.js";
import { completion, type ReplyHead } from "../completion.js";
import { chunkWriter } from "../completion-chunks.js";
import { openDeadline, settledWithin } from "../deadline.js";
import { eventStream } from "../event-stream.js";
import { outcomeOf } from "../orchestration.js";
import { replyTo } from "../reply-to.js";
import { type ErrorReply, isServerFailure, send } from "../request-error.js";
import { type Run, runOf } from "../run.js";
import { answering } from "../tasks.js";
import type { OpenRun, Watch } from "../watch/watch.js";
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
  /** Follows runs for the page and the metrics. */
  readonly watch: Watch;
}

/** Answers a request; on time-out or disconnect, the model calls are aborted too. */
export async function answerRequest(
  context: Context,
  { served, tasks, read, timeout, keepAlive, stream, report, watch }: Endpoint,
): Promise<Response> {
  const id = `chatcmpl-${randomUUID()}`;
  context.header("x-request-id", id);
  const deadline = openDeadline(context.req.raw.signal, timeout);
  let model: string | undefined;
  let streams = false;
  let open: OpenRun | undefined;
  const failed = (error: unknown): ErrorReply => {
    const reply = replyTo(deadline.signal.aborted ? deadline.signal.reason : error);
    if (isServerFailure(reply)) report(error, { id, model });
    open?.end({ failure: reply });
    return reply;
  };
  try {
    const request = await deadline.within(read(context));
    deadline.begin();
    const found = answering(request, served, tasks);
    model = found.name;
    const head = { id, created: Math.floor(Date.now() / 1_000), model };
    const run = runOf(request, found, deadline.signal, stream);
    open = watch?.({ id, model, caller: context.get("caller"), question: questionOf(request) });
    const within: OpenRun["within"] = open?.within ?? ((work) => work());
    if (request.stream !== true) {
      const answer = await deadline.within(within(run.whole));
      const reply = completion(head, answer, run);
      open?.end({ answer: answer.text, ...outcomeOf(answer) });
      return context.json(reply);
    }
    const chunks = run.chunks();
    const next = () => deadline.within(within(() => chunks.next()));
    const first = next();
    await settledWithin(first, keepAlive); // earlier failures still get an HTTP status
    streams = true;
    const events = eventsOf(request, head, run, {
      first,
      next,
      ended: (answer, last) => open?.end({ answer, ...outcomeOf(last) }),
    });
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
  readonly ended: (answer: string, last: AIMessageChunk | undefined) => void;
}

/** Most characters of a streamed answer that are kept for `ended`. */
const keptOfAnswer = 10_000;

async function* eventsOf(
  request: ChatRequest,
  head: ReplyHead,
  run: Run,
  { first, next, ended }: Parts,
): AsyncGenerator<object> {
  const writer = chunkWriter(head, run, request.stream_options?.include_usage === true);
  yield* writer.begin();
  let answer = "";
  let last: AIMessageChunk | undefined;
  for (let part = await first; part.done !== true; part = await next()) {
    if (answer.length < keptOfAnswer) answer += part.value.text;
    last = part.value;
    yield* writer.next(part.value);
  }
  yield* writer.end();
  ended(answer, last);
}

/** Returns the text of the last message of the user. */
function questionOf({ messages }: ChatRequest): string {
  const content = messages.findLast(({ role }) => role === "user")?.content;
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => ("text" in part ? part.text : "[image]")).join("\n");
}
