import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { ReplyStream } from "./app-options.js";
import type { Served } from "./catalogue.js";
import type { OrchestrationContext } from "./orchestration.js";
import type { AnswerForm, FormFields } from "./request/answer-form.js";
import type { Setting } from "./request/settings.js";
import type { ErrorReply } from "./request-error.js";

export interface ReplyHead {
  readonly id: string;
  /** Unix time in seconds. */
  readonly created: number;
  readonly model: string;
}

export interface ReplyContext extends OrchestrationContext {
  readonly form: AnswerForm | undefined;
}

/** What a request of any protocol asks of a model or a graph. */
export interface RunRequest {
  readonly model?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly user?: string | null | undefined;
  /** How a stream comes, if the request chooses. */
  readonly stream?: ReplyStream | null | undefined;
  /** Tools, and the form of the answer, in the terms of chat completions. */
  readonly form: FormFields;
  readonly settings: readonly Setting[];
  /** Fields that were read without effect. */
  readonly ignored: readonly string[];
  /** The protocol's own names of fields of chat completions, where they differ. */
  readonly fieldNames?: Readonly<Record<string, string>>;
  messages(): BaseMessage[];
  /** Text of the user's last message. */
  question(): string;
  /** @throws {RequestError} when the client of a single model does not read these messages */
  check?(served: Served): void;
}

/** A request that was read, and how its reply is written. */
export interface Asked {
  readonly run: RunRequest;
  readonly streams: boolean;
  /** @throws {RequestError} when the answer is not in the requested form */
  reply(head: ReplyHead, answer: AIMessage, context: ReplyContext): object;
  writer(head: ReplyHead, context: ReplyContext): EventWriter;
}

/** Writes a streamed answer as events. */
export interface EventWriter {
  begin(): object[];
  next(part: AIMessageChunk): object[];
  /** @throws {RequestError} when the answer is not in the requested form */
  end(): object[];
  /** Ends a stream that failed. */
  fail(reply: ErrorReply): object[];
}

/** A protocol of requests and replies; all of them share the run. */
export interface Protocol {
  newId(): string;
  /** @throws {RequestError} when the body is malformed or uses unsupported features */
  read(body: unknown, caller: string): Asked;
  /** Writes an event as it is sent. */
  frame(event: object): string;
  /** Last words of a stream that ended well. */
  readonly closing?: string;
  /** Sent in silence. */
  readonly keepAlive: string;
}
