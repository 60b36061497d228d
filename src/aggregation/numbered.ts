import { readable } from "../text/readable.js";
import { tagged, withoutTag } from "../text/tagged.js";
import type { NamedAnswer } from "./aggregate.js";

/** Formats answers for a judge's or writer's prompt: numbered, model names hidden. */
export function numbered(answers: readonly NamedAnswer[]): string {
  return answers
    .map(({ message }) => withoutTag("conversation", readable(message)))
    .map((text, index) => tagged("answer", text, { number: String(index + 1) }))
    .join("\n");
}
