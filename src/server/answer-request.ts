import { randomUUID } from "node:crypto";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Served } from "./catalogue.js";
import type { ChatRequest } from "./chat-request.js";
import { chunkWriter, completion, type Head } from "./completion.js";
import { type ErrorReply, errorReply, replyTo, send } from "./request-error.js";
import { type Run, runOf } from "./run.js";

export interface AnswerLimits {
  /** Milliseconds. */
  readonly timeout: number;
  readonly report: (error: unknown) => void;
}

/** What ends a run early, and what is then replied. */
class Deadline {
  private readonly stop = new AbortController();
  readonly signal = this.stop.signal;
  readonly leave = () => this.stop.abort(errorReply(408, "The client went away"));
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: AbortSignal,
    { timeout, report }: AnswerLimits,
  ) {
    this.report = report;
    const late = errorReply(504, `No answer within ${timeout} ms`, { type: "timeout", code: "timeout" });
    this.timer = setTimeout(() => this.stop.abort(late), timeout);
    if (client.aborted) this.leave();
    client.addEventListener("abort", this.leave, { once: true });
  }

  private readonly report: AnswerLimits["report"];

  replyTo(error: unknown): ErrorReply {
    const reply = this.signal.aborted ? (this.signal.reason as ErrorReply) : replyTo(error);
    if (reply.status >= 500) this.report(error);
    return reply;
  }

  end(): void {
    clearTimeout(this.timer);
    this.client.removeEventListener("abort", this.leave);
  }
}

/** Runs a request until it is answered, takes too long, or the client goes away: then the models are aborted too. */
export async function answerRequest(
  context: Context,
  request: ChatRequest,
  served: Served,
  limits: AnswerLimits,
): Promise<Response> {
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1_000), model: served.name };
  const deadline = new Deadline(context.req.raw.signal, limits);
  let streams = false;
  try {
    const run = runOf(request, served, deadline.signal);
    if (request.stream !== true) return context.json(completion(head, await run.whole(), run.form));
    const chunks = run.chunks()[Symbol.asyncIterator]();
    const first = await chunks.next(); // what fails before it has a status of its own
    streams = true;
    return stream(context, { head, run, first, chunks, deadline, request });
  } catch (error) {
    return send(context, deadline.replyTo(error));
  } finally {
    if (!streams) deadline.end();
  }
}

interface Streaming {
  readonly head: Head;
  readonly run: Run;
  readonly first: IteratorResult<AIMessageChunk>;
  readonly chunks: AsyncIterator<AIMessageChunk>;
  readonly deadline: Deadline;
  readonly request: ChatRequest;
}

function stream(context: Context, { head, run, first, chunks, deadline, request }: Streaming): Response {
  return streamSSE(context, async (events) => {
    events.onAbort(deadline.leave);
    const write = (data: object) => events.writeSSE({ data: JSON.stringify(data) });
    const writer = chunkWriter(head, run.form, request.stream_options?.include_usage === true);
    try {
      for (const event of writer.begin()) await write(event);
      for (let part = first; part.done !== true; part = await chunks.next()) {
        for (const event of writer.next(part.value)) await write(event);
      }
      for (const event of writer.end()) await write(event);
      await events.writeSSE({ data: "[DONE]" });
    } catch (error) {
      await write(deadline.replyTo(error).body); // as OpenAI does it: an error event inside a stream of status 200
    } finally {
      deadline.end();
    }
  });
}
