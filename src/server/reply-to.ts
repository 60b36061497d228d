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

/** How OpenAI's API names a class of errors; the status is that of `errorClasses`. */
const named: Readonly<Partial<Record<ErrorClass, ErrorFields>>> = {
  rate_limit: { type: "rate_limit_error", code: "rate_limit_exceeded" },
  quota: { type: "insufficient_quota", code: "insufficient_quota" },
  context_overflow: { code: "context_length_exceeded", param: "messages" },
  too_large: { type: "tokens", code: "request_too_large", param: "messages" },
  refusal: { code: "content_filter" },
  invalid_request: {},
  timeout: { type: "timeout", code: "timeout" },
};

/** What a run that threw is answered with: nothing of a key, a header, a stack or the place of a model, and no advice that is the operator's. */
export function replyTo(error: unknown): ErrorReply {
  if (error instanceof RequestError) return error.reply;
  if (InvalidInputError.isInstance(error)) return errorReply(400, error.message, { param: "messages" });
  if (NoRouteError.isInstance(error)) {
    return errorReply(406, "No model was chosen for this request", { type: "server_error", code: "no_route" });
  }
  if (AnswerDiscardedError.isInstance(error)) {
    const message = `The answer of ${error.path} broke off after its first words (${error.reason}); ask again`;
    return errorReply(502, message, { type: "upstream_error", code: "answer_discarded" });
  }
  if (isPause(error)) {
    const message = "What was asked stops for a person's decision, which cannot be given here";
    return errorReply(406, message, { type: "server_error", code: "interrupted" });
  }
  const failures = failuresOf(error);
  if (failures === undefined) {
    const isPaid = callsOf(error).some(({ costUsd, usage }) => costUsd !== 0 || usage !== undefined);
    return errorReply(isPaid ? 406 : 500, "The server failed to answer; its log says why.", { type: "server_error" }); // a client that repeats it would pay again
  }
  const last = failures.at(-1) ?? ({ class: "unknown" } as const);
  const status = errorClasses[last.class].http as ContentfulStatusCode;
  const fields = named[last.class] ?? { type: "upstream_error", code: last.class };
  const reply = errorReply(status, maskAddresses(redact(`${intro(error)}${failures.map(saidOf).join("\n")}`)), fields);
  const { retryable, coolDownMs = usualWaitMs } = errorClasses[last.class];
  if (!retryable || status < 429) return reply;
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return { ...reply, retryAfterMs: waits.length > 0 ? Math.min(...waits) : coolDownMs };
}

/** Milliseconds after which a provider that failed is worth another request, where it names no wait: as after a rate limit. */
const usualWaitMs = 5_000;

/** True for the end of a run that waits: `interrupt`, with or without somewhere to wait. */
function isPause(error: unknown): boolean {
  return isGraphInterrupt(error) || lacksCheckpointer(error);
}

type Told = Pick<Failure, "name" | "class" | "message" | "status" | "retryAfterMs">;

function failuresOf(error: unknown): readonly Told[] | undefined {
  if (ModelCallError.isInstance(error)) return [{ ...error, name: error.path, message: error.reason }];
  const several = AllModelsFailedError.isInstance(error) || QuorumNotReachedError.isInstance(error);
  return several ? error.failures : undefined;
}

function intro(error: unknown): string {
  if (QuorumNotReachedError.isInstance(error)) return `${error.received} of the ${error.needed} answers needed came.\n`;
  return AllModelsFailedError.isInstance(error) ? "No model answered.\n" : "";
}

function saidOf({ name, class: kind, message }: Told): string {
  if (kind === "authentication") return `${name}: ${kind}: the provider refused the key of this server`;
  const unreadable = /^Cannot (read propert|destructure)|is not iterable$/.test(message);
  return `${name}: ${kind}: ${unreadable ? "the provider sent what its client cannot read" : message}`;
}
