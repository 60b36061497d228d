import { findJson, untilClosed } from "../../text/json.js";
import type { AnswerForm } from "../request/answer-form.js";
import { errorReply, RequestError } from "../request-error.js";

/**
 * Extracts the JSON from an answer, exactly as the model wrote it.
 *
 * @param whole false for a partial answer, which calls tools or was cut off by its token limit
 * @throws {RequestError} when a schema was requested and there is no JSON
 */
export function jsonIn(text: string, { tool }: AnswerForm, whole: boolean): string {
  const found = firstObject(text) ?? anyObject(text);
  if (found !== undefined) return found;
  if (tool === undefined || !whole) return text;
  const message = "The model answered in prose, not in the requested response_format";
  throw new RequestError(errorReply(406, message, { type: "upstream_error", code: "invalid_form" }));
}

/** Streams a JSON answer directly when it begins with `{`; otherwise holds it back to extract the JSON at the end. */
export function jsonStream(form: AnswerForm) {
  let shown: "text" | "form" | undefined;
  let held = "";
  const begun = untilClosed();
  return {
    /** @param formed arguments of the tool call that is the answer */
    next(text: string, formed: string): string {
      if (formed !== "" && shown !== "text") {
        shown = "form";
        return formed;
      }
      if (shown === "form") return "";
      if (shown === "text") return begun(text);
      held += text;
      if (!held.trimStart().startsWith("{")) return "";
      shown = "text";
      return begun(held.trimStart());
    },
    end: (whole: boolean) => (shown === undefined ? jsonIn(held, form, whole) : ""),
  };
}

/** Matches what `jsonStream` would have sent for the same text. */
function firstObject(text: string): string | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const source = untilClosed()(text.trim());
  try {
    JSON.parse(source);
    return source;
  } catch {
    return undefined;
  }
}

function anyObject(text: string): string | undefined {
  const found = findJson(text);
  return typeof found?.value === "object" && found.value !== null ? found.source : undefined;
}
