import type { AIMessageChunk } from "@langchain/core/messages";
import type { Context } from "hono";
import type { AppOptions, FailedRequest, ReplyStream } from "../app-options.js";
import type { Catalogue } from "../catalogue.js";
import { openDeadline, settledWithin } from "../deadline.js";
import { eventStream } from "../event-stream.js";
import { outcomeOf } from "../orchestration.js";
import type { EventWriter, Protocol } from "../protocol.js";
import { replyTo } from "../reply-to.js";
import { type ErrorReply, isServerFailure } from "../request-error.js";
import { runOf } from "../run.js";
import { send } from "../send-error.js";
import { answering } from "../tasks.js";
import type { OpenRun, Watch } from "../watch/watch.js";

export interface Endpoint {
  readonly served: Catalogue;
  readonly tasks: AppOptions["tasks"];
  /** Reads the JSON of a body, within bounds. */
  readonly read: (context: Context) => Promise<unknown>;
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

/** Answers a request of any protocol; on time-out or disconnect, the model calls are aborted too. */
export async function answerRequest(
  context: Context,
  protocol: Protocol,
  { served, tasks, read, timeout, keepAlive, stream, report, watch }: Endpoint,
): Promise<Response> {
  const id = protocol.newId();
  nameRequest(context, id);
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
    const body = await deadline.within(read(context));
    const caller: string = context.get("caller");
    const asked = protocol.read(body, caller);
    deadline.begin();
    const found = answering(asked.run, served, tasks);
    model = found.name;
    const head = { id, created: Math.floor(Date.now() / 1_000), model };
    const run = runOf(asked.run, found, deadline.signal, stream);
    open = watch?.({ id, model, caller, question: asked.run.question() });
    const within: OpenRun["within"] = open?.within ?? ((work) => work());
    if (!asked.streams) {
      const answer = await deadline.within(within(run.whole));
      const reply = asked.reply(head, answer, run);
      open?.end({ answer: answer.text, ...outcomeOf(answer) });
      return context.json(reply);
    }
    const chunks = run.chunks();
    const next = () => deadline.within(within(() => chunks.next()));
    const first = next();
    await settledWithin(first, keepAlive); // earlier failures still get an HTTP status
    streams = true;
    const writer = asked.writer(head, run);
    const events = eventsOf(writer, {
      first,
      next,
      ended: (answer, last) => open?.end({ answer, ...outcomeOf(last) }),
    });
    return eventStream(context, events, { protocol, keepAlive, deadline, fail: (error) => writer.fail(failed(error)) });
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

async function* eventsOf(writer: EventWriter, { first, next, ended }: Parts): AsyncGenerator<object> {
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

/** Sends the id of a reply in the headers that clients of OpenAI and of Anthropic report. */
export function nameRequest(context: Context, id: string): void {
  context.set("requestId", id);
  context.header("x-request-id", id);
  context.header("request-id", id);
}
