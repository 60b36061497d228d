import type { AIMessage } from "@langchain/core/messages";
import { answerText } from "./answer-text.js";
import { jsonIn } from "./json.js";

/** Returns the JSON values of an answer, the one it most likely means first: those in its text, or the arguments of its one tool call. */
export function jsonOf(answer: string | AIMessage): readonly unknown[] {
  if (typeof answer === "string") return jsonIn(answer).map(({ value }) => value);
  const [call, another] = answer.tool_calls ?? [];
  const called = call === undefined || another !== undefined ? [] : [call.args]; // structured output is such a call
  return [...jsonIn(answerText(answer)).map(({ value }) => value), ...called];
}
