import type { ServerResponse } from "node:http";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { type Answer, toAnswer } from "./answer.js";
import type { LoopbackRequest } from "./loopback-request.js";
import type { FaultReply, Reply, ReplyPace } from "./reply.js";
import type { HttpResponse, WireFormat } from "./wire-format.js";

export const SCRIPTED_TEXT = "This answer is scripted: no model was called.";

/** Time for the client to read sent pieces, which it would drop when the connection breaks. */
const BREAK_PAUSE_MS = 20;

/** Time between two pieces of an answer that never ends. */
const ENDLESS_PAUSE_MS = 20;

export interface Exchange {
  readonly id: string;
  readonly request: LoopbackRequest;
  readonly response: ServerResponse;
  readonly format: WireFormat;
  /** Aborted when the connection is closed by either side. */
  readonly gone: AbortSignal;
  /** Must be called before the server breaks the connection itself. */
  readonly markBroken: () => void;
  /** Records what a provider would bill for the part of an answer that was generated, 0..1. */
  readonly bill: (answer: Answer, share: number) => void;
}

export async function sendReply(reply: Reply, exchange: Exchange): Promise<void> {
  const { request, format, gone } = exchange;
  const said = typeof reply === "string" ? { text: reply } : reply;
  if (said.delayMs) await pause(said.delayMs, gone);
  if (said.fault !== undefined) return sendFault(said, exchange);
  if (said.error !== undefined) return sendWhole(format.error(said.error, request), exchange);
  const answer = toAnswer(said, request, exchange.id);
  if (request.stream) return sendStream(answer, said, exchange);
  if (said.firstTokenDelayMs) await pause(said.firstTokenDelayMs, gone);
  exchange.bill(answer, 1);
  sendWhole({ status: 200, headers: said.headers ?? {}, body: bodyOf(answer, exchange) }, exchange);
}

async function sendStream(answer: Answer, pace: ReplyPace, exchange: Exchange): Promise<void> {
  await sendPieces(answer, pace, exchange, Number.POSITIVE_INFINITY);
  exchange.bill(answer, 1);
  exchange.response.end(exchange.format.frames(answer, exchange.request).closing.join(""));
}

/** Sends the opening and up to `limit` pieces of a stream. */
async function sendPieces(answer: Answer, pace: ReplyPace, exchange: Exchange, limit: number): Promise<void> {
  const { request, response, format, gone } = exchange;
  const { opening, chunks } = format.frames(answer, request);
  response.writeHead(200, headers(exchange, { "content-type": format.streamType, ...pace.headers }));
  response.flushHeaders();
  exchange.bill(answer, 0);
  for (const frame of opening) await write(frame, exchange);
  if (pace.firstTokenDelayMs) await pause(pace.firstTokenDelayMs, gone);
  for (const [index, frame] of chunks.slice(0, limit).entries()) {
    if (index > 0) await (pace.chunkDelayMs ? pause(pace.chunkDelayMs, gone) : turn());
    await write(frame, exchange);
    exchange.bill(answer, (index + 1) / chunks.length);
  }
}

async function sendFault(said: FaultReply, exchange: Exchange): Promise<void> {
  const { request, response, format, gone } = exchange;
  const answer = toAnswer({ ...said, text: said.text ?? SCRIPTED_TEXT, fault: undefined }, request, exchange.id);
  switch (said.fault) {
    case "hang":
      if (request.stream && said.afterChunks !== undefined) await sendPieces(answer, said, exchange, said.afterChunks);
      return forever(gone);
    case "reset":
      exchange.markBroken();
      response.socket?.resetAndDestroy();
      return;
    case "cut":
      if (request.stream) await sendPieces(answer, said, exchange, said.afterChunks ?? 1);
      else await sendHalf(answer, said, exchange);
      return breakOff(said, exchange);
    case "errorEvent": {
      const event = said.event ?? {};
      if (!request.stream) return sendWhole({ ...format.error(event, request), status: 200 }, exchange);
      await sendPieces(answer, said, exchange, said.afterChunks ?? 1);
      await pause(BREAK_PAUSE_MS, gone);
      response.end(format.errorEvent(event, request));
      return;
    }
    case "invalidJson": {
      if (!request.stream) {
        exchange.bill(answer, 1);
        const body = said.text ?? firstHalf(bodyOf(answer, exchange));
        return sendWhole({ status: 200, headers: said.headers ?? {}, body }, exchange);
      }
      await sendPieces(answer, said, exchange, said.afterChunks ?? 0);
      await pause(BREAK_PAUSE_MS, gone);
      const frame = format.frames(answer, request).closing[0] ?? "";
      response.end(firstHalf(frame.trimEnd()) + frame.slice(frame.trimEnd().length));
      return;
    }
    case "endless":
      return sendForever(answer, said, exchange);
  }
}

/** Repeats a streamed answer without end. A plain call gets blank lines, as from providers that keep a queued request open. */
async function sendForever(answer: Answer, said: FaultReply, exchange: Exchange): Promise<void> {
  const { request, format, gone } = exchange;
  const pace = { ...said, chunkDelayMs: said.chunkDelayMs ?? ENDLESS_PAUSE_MS };
  if (request.stream) await sendPieces(answer, pace, exchange, Number.POSITIVE_INFINITY);
  else exchange.response.writeHead(200, headers(exchange, { "content-type": "application/json", ...said.headers }));
  const frames = request.stream ? format.frames(answer, request).chunks : ["\n"];
  for (let sent = 0; ; sent++) {
    await pause(pace.chunkDelayMs, gone);
    await write(frames[sent % frames.length] ?? "\n", exchange);
    if (request.stream) exchange.bill(answer, 1 + (sent + 1) / frames.length);
  }
}

async function sendHalf(answer: Answer, said: FaultReply, exchange: Exchange): Promise<void> {
  const body = bodyOf(answer, exchange);
  exchange.bill(answer, 1);
  const length = Buffer.byteLength(said.clean ? firstHalf(body) : body);
  const type = { "content-type": "application/json", "content-length": String(length) };
  exchange.response.writeHead(200, headers(exchange, { ...type, ...said.headers }));
  await write(firstHalf(body), exchange);
}

async function breakOff(said: FaultReply, { response, gone, markBroken }: Exchange): Promise<void> {
  await pause(BREAK_PAUSE_MS, gone);
  markBroken();
  if (said.clean) response.end();
  else response.destroy();
}

function sendWhole({ status, headers: extra, body }: HttpResponse, exchange: Exchange): void {
  exchange.response.writeHead(status, headers(exchange, { "content-type": "application/json", ...extra }));
  exchange.response.end(body);
}

function headers({ id }: Exchange, extra: Readonly<Record<string, string>>): Record<string, string> {
  return { "x-request-id": `req_${id}`, "cache-control": "no-cache", ...extra };
}

function bodyOf(answer: Answer, { format, request }: Exchange): string {
  return JSON.stringify(format.answer(answer, request));
}

function firstHalf(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}

function write(frame: string, { response, gone }: Exchange): Promise<void> {
  gone.throwIfAborted();
  return new Promise((resolve) => response.write(frame, () => resolve()));
}

/** Waits, and yields some turns of the event loop so that a busy client in this process can read. */
async function pause(ms: number, gone: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: gone });
  for (let turns = 0; turns < 3; turns++) await turn(undefined, { signal: gone });
}

function forever(gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => gone.addEventListener("abort", () => resolve(), { once: true }));
}
