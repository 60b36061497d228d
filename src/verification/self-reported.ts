import type { AIMessage } from "@langchain/core/messages";
import { copyMessage } from "../calls/answer.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { jsonOf } from "../text/answer-json.js";
import { answerText } from "../text/answer-text.js";
import { readConfidence, toConfidence } from "../text/judgements/read-confidence.js";
import { checkThreshold, type Verify, type VerifyTurn } from "./verify.js";

export interface SelfReportedOptions {
  /** Lowest confidence that passes, 0..1, inclusive. @default 0.8 */
  readonly threshold?: number;
  /**
   * Field of a JSON answer, or of structured output, that states the confidence; dots go deeper: `"meta.confidence"`. Its schema is
   * yours, so the field stays in the answer. @default `confidence` of structured output, if it has one
   */
  readonly field?: string;
}

/**
 * Passes an answer whose model states enough confidence.
 *
 * **When to use** - a first filter before a judge (`allOf`), or instead of paying for one.
 * **Gotchas** - models overstate their confidence (Xiong et al. 2023, arXiv:2306.13063): fit the threshold to your data. Only the
 * last line is read, and removed from the answer; a confidence within the answer, or reported of another speaker, does not
 * count. An answer without stated confidence fails. Structured output has no last line: give its schema a number `confidence`, and
 * for an answer in JSON text, or another name, `field`.
 *
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: selfReported({ threshold: 0.9 }) });
 * const Report = z.object({ city: z.string(), sure: z.number().describe("Confidence from 0 to 1") });
 * createCascade({ models: { small, large }, verify: allOf(matchesSchema(Report), selfReported({ field: "sure" })) });
 * ```
 * @throws {InvalidOptionError} when `threshold` is not from 0 to 1, or `field` is empty
 */
export function selfReported(options: SelfReportedOptions = {}): Verify {
  checkKeys(options, "selfReported", ["threshold", "field"]);
  const { threshold = 0.8, field } = options;
  checkThreshold(threshold, "selfReported.threshold");
  if (field !== undefined && (typeof field !== "string" || field === "")) {
    throw new InvalidOptionError("selfReported.field", field, 'name a field of the answer, such as "confidence"');
  }
  const judged = (confidence: number) => ({
    pass: confidence >= threshold,
    score: confidence,
    threshold,
    reason: `the model is ${Math.round(confidence * 100)} % confident, ${Math.round(threshold * 100)} % passes`,
  });
  function selfReported({ answer }: VerifyTurn) {
    const inField = field === undefined ? fieldOfCall(answer) : confidenceIn(jsonOf(answer), field);
    const stated = inField === undefined ? readConfidence(answerText(answer)) : undefined;
    if (inField !== undefined) return judged(inField);
    if (stated === undefined) return { pass: false, threshold, reason: reasonFor(answer, field) };
    if (stated.rest === "" && !answer.tool_calls?.length) {
      return { pass: false, threshold, reason: "the model stated a confidence and no answer" };
    }
    return { ...judged(stated.confidence), answer: without(stated.written, answer) };
  }
  const call = "In a tool call with a field `confidence`, fill in that (0 to 1) instead.";
  const instruction =
    field === undefined
      ? `After your answer add one last line, on its own, that says how likely it is that the answer is correct: "Confidence: N%". ${call}`
      : `Say in the field \`${field}\` of your answer how likely it is that the answer is correct, from 0 to 1.`;
  return Object.assign(selfReported, { instruction });
}

function reasonFor({ tool_calls = [] }: AIMessage, field: string | undefined): string {
  if (field !== undefined) return `the model stated no confidence in the field "${field}"`;
  if (tool_calls.length === 0) return "the model stated no confidence";
  return "the model stated no confidence: give the schema of the answer a number `confidence`, or name its field: selfReported({ field })";
}

/** Reads `confidence` of structured output, which is the one call of an answer without text. */
function fieldOfCall(answer: AIMessage): number | undefined {
  const calls = answer.tool_calls ?? [];
  return calls.length === 1 && answerText(answer).trim() === ""
    ? confidenceIn([calls[0]!.args], "confidence")
    : undefined;
}

function confidenceIn(values: readonly unknown[], field: string): number | undefined {
  for (const value of values) {
    const said = field.split(".").reduce<unknown>((part, key) => Object(part)[key], value);
    const read = typeof said === "number" || typeof said === "string" ? toConfidence(String(said)) : undefined;
    if (read !== undefined) return read;
  }
  return undefined;
}

/** Removes a statement from a message; thoughts and other blocks stay where they are. */
function without(written: string, answer: AIMessage): AIMessage {
  const cut = (text: string) => {
    const at = text.lastIndexOf(written);
    return at < 0 ? text : `${text.slice(0, at)}${text.slice(at + written.length)}`.trimEnd();
  };
  const { content } = answer;
  if (typeof content === "string") return copyMessage(answer, { content: cut(content) });
  const last = content.findLastIndex((block) => block.type === "text" && String(block.text).includes(written));
  if (last < 0) return copyMessage(answer, { content: cut(answer.text) });
  const blocks = content.map((block, index) => (index === last ? { ...block, text: cut(String(block.text)) } : block));
  return copyMessage(answer, { content: blocks.filter((block, index) => index !== last || block.text !== "") });
}
