import type { Span } from "@opentelemetry/api";
import type { ModelCall } from "../../ledger/model-call.js";
import { redact, redactError } from "../../secrets/redact.js";
import { conventions as genAi } from "./names.js";

type Api = typeof import("@opentelemetry/api");

/**
 * Sets the error of a span: the class, the name and a text without secrets. A stack is left out, because it repeats the message as the
 * provider wrote it.
 */
export function noteFailure(
  { SpanStatusCode }: Pick<Api, "SpanStatusCode">,
  span: Span,
  error: unknown | ModelCall["error"],
): void {
  if (!span.isRecording()) return;
  const { name, class: kind } = Object(error) as { readonly name?: unknown; readonly class?: unknown };
  const type = typeof name === "string" ? redact(name) : "Error";
  const message = redactError(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute(genAi.ERROR_TYPE, typeof kind === "string" ? kind : type);
  span.addEvent("exception", { [genAi.EXCEPTION_TYPE]: type, [genAi.EXCEPTION_MESSAGE]: message });
}
