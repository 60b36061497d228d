import type { IncomingMessage, ServerResponse } from "node:http";
import { anthropic } from "./formats/anthropic.js";
import { google } from "./formats/google.js";
import { ollama } from "./formats/ollama.js";
import { openai } from "./formats/openai.js";
import { isRecord } from "./json.js";
import type { LoopbackRequest } from "./loopback-request.js";
import { redactHeaders, redactPath } from "./redact.js";
import type { Reply } from "./reply.js";
import type { ReplyBook } from "./reply-book.js";
import type { RequestLog } from "./request-log.js";
import { sendReply } from "./send-reply.js";
import type { WireFormat } from "./wire-format.js";

const FORMATS: readonly WireFormat[] = [openai, google, anthropic, ollama];

type Recorded = { -readonly [Key in keyof LoopbackRequest]: LoopbackRequest[Key] };

interface Host {
  readonly book: ReplyBook;
  readonly log: RequestLog;
  readonly isClosing: () => boolean;
}

/** Reads, records and answers one request; never throws. */
export async function answerRequest(incoming: IncomingMessage, response: ServerResponse, host: Host): Promise<void> {
  const gone = new AbortController();
  let recorded: Recorded | undefined;
  let broken = false;
  host.log.open();
  response.on("close", () => {
    if (recorded) {
      recorded.endedAt = Date.now();
      recorded.aborted = !response.writableFinished && !broken && !host.isClosing();
    }
    gone.abort();
    host.log.end();
  });
  try {
    const request = await readRequest(incoming);
    if (typeof request === "string") return refuse(response, request);
    recorded = request.recorded;
    host.log.add(recorded);
    await sendReply(await replyTo(recorded, host.book), {
      id: `loopback-${host.log.requests.length}`,
      request: recorded,
      response,
      format: request.format,
      gone: gone.signal,
      markBroken: () => {
        broken = true;
      },
      bill: ({ usage }, share) => {
        if (usage === undefined || recorded === undefined) return;
        recorded.billed = { inputTokens: usage.inputTokens, outputTokens: Math.ceil(usage.outputTokens * share) };
      },
    });
  } catch (error) {
    if (!gone.signal.aborted) refuse(response, String(error));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<{ recorded: Recorded; format: WireFormat } | string> {
  const startedAt = Date.now();
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const text = await readText(incoming);
  for (const format of FORMATS) {
    const route = incoming.method === "POST" ? format.route(url.pathname) : undefined;
    if (!route) continue;
    const body = parse(text);
    if (!isRecord(body)) return "The body of the request is not a JSON object.";
    const recorded: Recorded = {
      provider: format.provider,
      ...format.read(route, body),
      body,
      headers: redactHeaders(incoming.headers),
      path: redactPath(url),
      aborted: false,
      startedAt,
    };
    return { recorded, format };
  }
  return `The loopback server does not speak ${incoming.method} ${url.pathname}.`;
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the next reply; if the reply function throws, answers 500 with its message. */
async function replyTo(request: LoopbackRequest, book: ReplyBook): Promise<Reply> {
  try {
    return await book.next(request);
  } catch (error) {
    return { error: { status: 500, message: `The reply function of the loopback server threw: ${String(error)}` } };
  }
}

function refuse(response: ServerResponse, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: "loopback" } }));
}
