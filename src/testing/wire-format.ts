import type { Answer } from "./answer.js";
import type { JsonRecord } from "./json.js";
import type { LoopbackProvider, LoopbackRequest } from "./loopback-request.js";
import type { ReplyError } from "./reply.js";

/** What a path says about a call. */
export interface Route {
  readonly model?: string;
  readonly stream?: boolean;
}

/** What a body says, the same for every provider. */
export type Reading = Pick<LoopbackRequest, "model" | "messages" | "tools" | "responseSchema" | "stream">;

/** A streamed answer as text on the wire. */
export interface Frames {
  /** Before any content. */
  readonly opening: readonly string[];
  /** One frame a piece of content. */
  readonly chunks: readonly string[];
  /** Finish reason, usage, end mark. */
  readonly closing: readonly string[];
}

/** A whole HTTP response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How one provider speaks. Another provider is another file in `formats/`. */
export interface WireFormat {
  readonly provider: LoopbackProvider;
  readonly streamType: string;
  /** Nothing when the path belongs to somebody else. */
  route(path: string): Route | undefined;
  read(route: Route, body: JsonRecord): Reading;
  answer(answer: Answer, request: LoopbackRequest): JsonRecord;
  frames(answer: Answer, request: LoopbackRequest): Frames;
  error(error: ReplyError, request: LoopbackRequest): HttpResponse;
  /** An error inside a stream that began with 200. */
  errorEvent(error: ReplyError, request: LoopbackRequest): string;
}

/** One event of a server-sent stream. */
export function sse(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}
