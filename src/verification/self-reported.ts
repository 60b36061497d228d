import { copyMessage } from "../calls/answer.js";
import { checkKeys } from "../errors/check-keys.js";
import { reports } from "../text/reported.js";
import { checkThreshold, type Verify, type VerifyTurn } from "./verify.js";

/**
 * Passes an answer whose model states enough confidence.
 *
 * **When to use** - a first filter before a judge (`allOf`), or instead of paying for one.
 * **Gotchas** - models overstate their confidence (Xiong et al. 2023, arXiv:2306.13063): fit the threshold to your data. Only the
 * last line is read, and removed from the answer; a confidence within the answer, or reported of another speaker, does not
 * count. An answer without stated confidence fails.
 *
 * @param options.threshold lowest confidence that passes, 0..1, inclusive. @default 0.8
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: selfReported({ threshold: 0.9 }) });
 * ```
 * @throws {InvalidOptionError} when `threshold` is not from 0 to 1
 */
export function selfReported(options: { readonly threshold?: number } = {}): Verify {
  checkKeys(options, "selfReported", ["threshold"]);
  const { threshold = 0.8 } = options;
  checkThreshold(threshold, "selfReported.threshold");
  function selfReported({ answer }: VerifyTurn) {
    const stated = readConfidence(answer.text);
    if (stated === undefined) return { pass: false, threshold, reason: "the model stated no confidence" };
    if (stated.rest === "" && !answer.tool_calls?.length) {
      return { pass: false, threshold, reason: "the model stated a confidence and no answer" };
    }
    return {
      pass: stated.confidence >= threshold,
      score: stated.confidence,
      threshold,
      reason: `the model is ${Math.round(stated.confidence * 100)} % confident, ${Math.round(threshold * 100)} % passes`,
      answer: copyMessage(answer, { content: stated.rest }),
    };
  }
  const instruction =
    'After your answer add one last line, on its own, that says how likely it is that the answer is correct: "Confidence: N%".';
  return Object.assign(selfReported, { instruction });
}

const reportsConfidence = reports("(?:a )?confidence");

/** Marks that are removed with the statement; "-" and "_" may also join words ("self-confidence"). */
const statementMarks = "(?:[\\s>#(*[\u2013\u2014]|(?<![A-Za-z0-9])[-_])";
const statement = new RegExp(
  `(?:${statementMarks}{1,9}|(?<![\\w-]))(?:(?:my|overall|stated)\\s)?confidence(?:\\s+(?:score|level))?[*_\\s]{0,6}[:=][*_\\s]{0,6}` +
    "(\\d{1,3}(?:[.,]\\d{1,6})?|\\.\\d{1,6})\\s{0,3}(?:(%)|/\\s{0,3}(100|10|1)(?!\\d))?[*_)\\].\\s]{0,6}(?:\\(\\w{1,20}(?: \\w{1,20}){0,2}\\)[*_.\\s]{0,6})?$",
  "i",
);

function readConfidence(text: string): { readonly confidence: number; readonly rest: string } | undefined {
  const whole = text.trimEnd();
  const start = whole.lastIndexOf("\n") + 1;
  const line = whole.slice(start);
  if (line.length > 2_000) return undefined;
  const match = statement.exec(line);
  if (match === null || reportsConfidence(line)) return undefined;
  const [, digits = "", percent, top] = match;
  const value = Number(digits.replace(",", "."));
  const most = percent === undefined && value <= 1 ? 1 : 100;
  const confidence = value / (top === undefined ? most : Number(top));
  return confidence > 1
    ? undefined
    : { confidence, rest: `${whole.slice(0, start)}${line.slice(0, match.index)}`.trimEnd() };
}
