import type { AIMessage } from "@langchain/core/messages";
import { answerText } from "./answer-text.js";
import { jsonIn } from "./json.js";

/** A JSON value of an answer, with its text where it stands in the text of the answer. */
export interface JsonFound {
  readonly value: unknown;
  readonly source?: string;
}

/** Returns the JSON of an answer, the one it most likely means first: those in its text, or the arguments of its one tool call. */
export function jsonFoundIn(answer: string | AIMessage): readonly JsonFound[] {
  if (typeof answer === "string") return jsonIn(answer);
  const [call, another] = answer.tool_calls ?? [];
  const called = call === undefined || another !== undefined ? [] : [{ value: call.args }]; // structured output is such a call
  return [...jsonIn(answerText(answer)), ...called];
}

/** Returns the values of `jsonFoundIn`. */
export function jsonOf(answer: string | AIMessage): readonly unknown[] {
  return jsonFoundIn(answer).map(({ value }) => value);
}
