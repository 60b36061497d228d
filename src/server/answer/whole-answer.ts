import type { AIMessage } from "@langchain/core/messages";
import { writtenCalls } from "../../calls/written-calls.js";
import type { AnswerForm } from "../request/answer-form.js";
import { type Ending, isWhole, reasonOf, refusalOf } from "./endings.js";
import { jsonIn } from "./json-text.js";
import { type Thought, thoughtsOf } from "./thoughts.js";
import { newCallId } from "./tool-call-places.js";

/** A tool call as the model wrote it. */
export interface WrittenCall {
  readonly id: string;
  readonly name: string;
  /** Arguments as JSON text. */
  readonly args: string;
}

/** What a complete answer says, for any protocol. */
export interface WholeAnswer {
  readonly thoughts: readonly Thought[];
  /** Null when the answer only calls tools or refuses. */
  readonly text: string | null;
  readonly refusal: string | null;
  readonly calls: readonly WrittenCall[];
  readonly ending: Ending;
}

/** @throws {RequestError} when the answer is not in the requested form */
export function wholeAnswer(message: AIMessage, form: AnswerForm | undefined): WholeAnswer {
  const all = writtenCalls(message);
  const formed = form?.tool === undefined ? undefined : all.find(({ name }) => name === form.tool);
  const calls = all
    .filter(({ name }) => form?.tool === undefined || name !== form.tool)
    .map(({ id, name = "", args = "" }) => ({ id: id || newCallId(), name, args }));
  const called = calls.length > 0;
  const refusal = refusalOf(message);
  const text = (): string | null => {
    if (refusal !== null) return null;
    if (formed !== undefined) return formed.args ?? "";
    if (message.text === "" && called) return null;
    return form === undefined ? message.text : jsonIn(message.text, form, isWhole(message, called));
  };
  return { thoughts: thoughtsOf(message), text: text(), refusal, calls, ending: reasonOf(message, called) };
}
