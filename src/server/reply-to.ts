import { isGraphInterrupt } from "@langchain/langgraph";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  AllModelsFailedError,
  AnswerDiscardedError,
  type ErrorClass,
  errorClasses,
  type Failure,
  InvalidInputError,
  ModelCallError,
  NoRouteError,
  QuorumNotReachedError,
} from "../errors/index.js";
import { lacksCheckpointer } from "../langgraph/graph-errors.js";
import { callsOf } from "../ledger/kept-ledger.js";
import { maskAddresses } from "../secrets/addresses.js";
import { redact } from "../secrets/redact.js";
import { type ErrorFields, type ErrorReply, errorReply, RequestError } from "./request-error.js";

/** OpenAI's `type` and `code` by error class; the status comes from `errorClasses`. */
const errorFields: Readonly<Partial<Record<ErrorClass, ErrorFields>>> = {
  rate_limit: { type: "rate_limit_error", code: "rate_limit_exceeded" },
  quota: { type: "insufficient_quota", code: "insufficient_quota" },
  context_overflow: { code: "context_length_exceeded", param: "messages" },
  too_large: { type: "tokens", code: "request_too_large", param: "messages" },
  refusal: { code: "content_filter" },
  invalid_request: {},
  timeout: { type: "timeout", code: "timeout" },
};

/** Converts an error of a run to a reply. Leaves out keys, headers, stacks, addresses, and advice for the operator. */
export function replyTo(error: unknown): ErrorReply {
  if (error instanceof RequestError) return error.reply;
  if (InvalidInputError.isInstance(error)) return errorReply(400, error.message, { param: "messages" });
  if (NoRouteError.isInstance(error)) {
    return errorReply(406, "No model was chosen for this request", { type: "server_error", code: "no_route" });
  }
  if (AnswerDiscardedError.isInstance(error)) {
    const message = `The answer of ${error.path} broke off after its first words (${error.reason}); repeat the request`;
    return errorReply(502, message, { type: "upstream_error", code: "answer_discarded" });
  }
  if (isPause(error)) {
    const message = "The graph paused for a person's decision, which this endpoint cannot give";
    return errorReply(406, message, { type: "server_error", code: "interrupted" });
  }
  const failures = failuresOf(error);
  if (failures === undefined) {
    const isPaid = callsOf(error).some(({ costUsd, usage }) => costUsd !== 0 || usage !== undefined);
    return errorReply(isPaid ? 406 : 500, "The server failed to answer; its log says why.", { type: "server_error" }); // not 500 once paid: clients repeat those
  }
  const last = failures.at(-1) ?? ({ class: "unknown" } as const);
  const status = errorClasses[last.class].http as ContentfulStatusCode;
  const fields = errorFields[last.class] ?? { type: "upstream_error", code: last.class };
  const reply = errorReply(status, maskAddresses(redact(`${intro(error)}${failures.map(lineOf).join("\n")}`)), fields);
  const { retryable, coolDownMs = usualWaitMs } = errorClasses[last.class];
  if (!retryable || status < 429) return reply;
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return { ...reply, retryAfterMs: waits.length > 0 ? Math.min(...waits) : coolDownMs };
}

/** Milliseconds of `retry-after` where the provider names no wait; same as for rate limits. */
const usualWaitMs = 5_000;

/** Returns true for a run that ended in `interrupt`, with or without a checkpointer. */
function isPause(error: unknown): boolean {
  return isGraphInterrupt(error) || lacksCheckpointer(error);
}

type FailureFacts = Pick<Failure, "name" | "class" | "message" | "status" | "retryAfterMs">;

function failuresOf(error: unknown): readonly FailureFacts[] | undefined {
  if (ModelCallError.isInstance(error)) return [{ ...error, name: error.path, message: error.reason }];
  const several = AllModelsFailedError.isInstance(error) || QuorumNotReachedError.isInstance(error);
  return several ? error.failures : undefined;
}

function intro(error: unknown): string {
  if (QuorumNotReachedError.isInstance(error)) return `${error.received} of the ${error.needed} answers needed came.\n`;
  return AllModelsFailedError.isInstance(error) ? "No model answered.\n" : "";
}

function lineOf({ name, class: kind, message }: FailureFacts): string {
  if (kind === "authentication") return `${name}: ${kind}: the provider refused the key of this server`;
  const unreadable = /^Cannot (read propert|destructure)|is not iterable$/.test(message);
  return `${name}: ${kind}: ${unreadable ? "the provider sent what its client cannot read" : message}`;
}
