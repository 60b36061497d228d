import type { Answer } from "./answer.js";
import type { JsonRecord } from "./json.js";
import type { LoopbackProvider, LoopbackRequest } from "./loopback-request.js";
import type { ReplyError } from "./reply.js";

export interface Route {
  readonly model?: string;
  readonly stream?: boolean;
}

/** Request facts from a body, normalized across providers. */
export type Reading = Pick<LoopbackRequest, "model" | "messages" | "tools" | "responseSchema" | "stream">;

/** Frames of a streamed answer. */
export interface Frames {
  /** Sent before any content. */
  readonly opening: readonly string[];
  readonly chunks: readonly string[];
  /** Finish reason, usage and end mark. */
  readonly closing: readonly string[];
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Wire format of one provider, one per file in `formats/`. */
export interface WireFormat {
  readonly provider: LoopbackProvider;
  readonly streamType: string;
  /** Returns undefined for a path of another provider. */
  route(path: string): Route | undefined;
  read(route: Route, body: JsonRecord): Reading;
  answer(answer: Answer, request: LoopbackRequest): JsonRecord;
  frames(answer: Answer, request: LoopbackRequest): Frames;
  error(error: ReplyError, request: LoopbackRequest): HttpResponse;
  /** Formats an error inside a stream that began with 200. */
  errorEvent(error: ReplyError, request: LoopbackRequest): string;
}

export function sse(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}
