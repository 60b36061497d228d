import type { AIMessageChunk } from "@langchain/core/messages";
import type { AnswerForm } from "../request/answer-form.js";
import { type Ending, isWhole, reasonOf, refusalOf } from "./endings.js";
import { jsonStream } from "./json-text.js";
import { type Thought, thoughtsOf } from "./thoughts.js";
import { type CallDelta, placeCalls } from "./tool-call-places.js";

/** What one chunk adds to an answer. */
export interface AnswerPart {
  readonly thoughts: readonly Thought[];
  readonly text: string;
  readonly calls: readonly CallDelta[];
}

export interface AnswerEnd {
  /** Text that was held back. */
  readonly text: string;
  readonly refusal: string | null;
  readonly ending: Ending;
  /** Last chunk, which describes the run; undefined for a stream without chunks. */
  readonly last: AIMessageChunk | undefined;
}

/** Reads the chunks of a streamed answer, for any protocol. */
export interface AnswerReader {
  next(chunk: AIMessageChunk): AnswerPart;
  /** @throws {RequestError} when the answer is not in the requested form */
  end(): AnswerEnd;
}

export function answerReader(form: AnswerForm | undefined): AnswerReader {
  let last: AIMessageChunk | undefined;
  let called = false;
  let thought = false;
  const place = placeCalls(form?.tool);
  const formText = form && jsonStream(form);
  return {
    next(chunk) {
      last = chunk;
      const { answer, calls } = place(chunk.tool_call_chunks ?? []);
      called ||= calls.length > 0;
      const text = formText === undefined ? chunk.text : formText.next(chunk.text, answer);
      const repeats = thought && chunk.response_metadata.orchestration !== undefined; // the final part repeats the reasoning
      const thoughts = repeats ? [] : thoughtsOf(chunk);
      thought ||= thoughts.length > 0;
      return { thoughts, text, calls };
    },
    end() {
      if (last === undefined) return { text: "", refusal: null, ending: "stop", last };
      const text = formText?.end(isWhole(last, called)) ?? "";
      return { text, refusal: refusalOf(last), ending: reasonOf(last, called), last };
    },
  };
}
