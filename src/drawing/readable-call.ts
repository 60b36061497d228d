import type { ModelCall } from "../ledger/model-call.js";
import { cutText } from "./plain-text.js";

/** Characters of a path, a model or an error class that are shown. */
export const mostName = 120;

/** Returns a call whose texts can be shown: cut, without secrets and controls. */
export function readableCall(call: ModelCall): ModelCall {
  const { id, path, model, error } = call;
  const [shownId, shownPath, shownModel] = [id, path, model].map((text) => cutText(text, mostName));
  const clean = { id: shownId!, path: shownPath!, model: shownModel! };
  return { ...call, ...clean, ...(error && { error: { ...error, class: cutText(error.class, mostName) } }) };
}
