import { readable } from "../text/readable.js";
import { tagged, withoutTag } from "../text/tagged.js";
import type { NamedAnswer } from "./aggregate.js";

/** Answers as material for a judge or a writer: numbered from 1, without the models' names. */
export function numbered(answers: readonly NamedAnswer[]): string {
  return answers
    .map(({ message }) => withoutTag("conversation", readable(message)))
    .map((text, index) => tagged("answer", text, { number: String(index + 1) }))
    .join("\n");
}
