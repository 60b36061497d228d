import { findJson, untilClosed } from "../text/json.js";
import type { AnswerForm } from "./request/answer-form.js";
import { errorReply, RequestError } from "./request-error.js";

/**
 * A text as the content of an answer that must be JSON: the JSON in it, as the model wrote it.
 *
 * @param whole false where the text is not all of the answer: it calls tools, or its token limit ended it
 * @throws {RequestError} when a schema was asked for and there is no JSON
 */
export function jsonIn(text: string, { tool }: AnswerForm, whole: boolean): string {
  const found = firstObject(text) ?? anyObject(text);
  if (found !== undefined) return found;
  if (tool === undefined || !whole) return text;
  const message = "The model answered in prose, not in the form of response_format";
  throw new RequestError(errorReply(406, message, { type: "upstream_error", code: "invalid_form" }));
}

/** The text of an answer that must be JSON, as it streams: shown as it comes where it begins so; else it waits for the end. */
export function jsonStream(form: AnswerForm) {
  let shown: "text" | "form" | undefined;
  let held = "";
  const begun = untilClosed();
  return {
    /** @param formed arguments of the call that is the answer */
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

/** What a stream of the same text shows. */
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
