import { InvalidOptionError } from "../../errors/index.js";
import { registerFactories } from "../../errors/refuse-factory.js";
import { type Normalize, normalizeText } from "../../text/normalizers/normalize.js";
import { normalizeChoice } from "../../text/normalizers/normalize-choice.js";
import { normalizeJson } from "../../text/normalizers/normalize-json.js";
import { normalizeNumber } from "../../text/normalizers/normalize-number.js";
import { named, type Score, type Scorer, type ScorerArgs } from "./scorer.js";

const written = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** Makes a scorer that leaves out answers of examples without `expected`, which it could only call wrong, or right. */
function comparing(name: string, score: (args: ScorerArgs) => Score): Scorer {
  return named(name, (args) => {
    if (args.expected === undefined) throw new Error(`the example has no expected value, with which ${name} compares`);
    return score(args);
  });
}

/** Scores 1 where both sides normalize to the same text; an answer with nothing to compare is wrong. */
function same(name: string, normalize: Normalize, ofExpected: (expected: unknown) => string): Scorer {
  return comparing(name, ({ output, expected }) => {
    const answer = normalize(output);
    return { name, score: answer !== "" && answer === ofExpected(expected) ? 1 : 0, metadata: { answer } };
  });
}

/**
 * Scores 1 for an answer that is the expected text, apart from case, punctuation, white space and articles.
 *
 * **When to use** - short answers: a name, a label, a date.
 *
 * @param options.normalize @default normalizeText
 * @example
 * ```ts
 * import { evaluate, exact } from "langgraph-multimodel/evaluation";
 * await evaluate({ graph: small, dataset: [{ input: "Capital of France?", expected: "Paris" }], scorers: [exact()] });
 * ```
 */
export function exact({ normalize = normalizeText }: { readonly normalize?: Normalize } = {}): Scorer {
  return same("exact", normalize, (expected) => normalize(written(expected)));
}

/**
 * Scores 1 for an answer whose final number is the expected one: "She pays $1,234.50." for 1234.5.
 *
 * **When to use** - calculations. **Gotchas** - units are dropped, not converted.
 *
 * @param options.tolerance largest relative error, `0.01` for 1 % @default 0
 * @example
 * ```ts
 * import { evaluate, number } from "langgraph-multimodel/evaluation";
 * await evaluate({ graph: small, dataset: [{ input: "What is 3 * 6?", expected: 18 }], scorers: [number()] });
 * ```
 * @throws {InvalidOptionError} when `tolerance` is below 0
 */
export function number({ tolerance = 0 }: { readonly tolerance?: number } = {}): Scorer {
  if (!(tolerance >= 0)) throw new InvalidOptionError("number.tolerance", tolerance, "give 0 or more: 0.01 for 1 %");
  const plain = same("number", normalizeNumber, (expected) => normalizeNumber(written(expected)));
  if (tolerance === 0) return plain;
  return comparing("number", ({ output, expected }) => {
    const [answer, right] = [output, written(expected)].map((text) => normalizeNumber(text));
    const near = Math.abs(Number(answer) - Number(right)) <= tolerance * Math.abs(Number(right));
    return { name: "number", score: answer !== "" && near ? 1 : 0, metadata: { answer } };
  });
}

/**
 * Scores 1 for an answer that chooses the expected letter: "The answer is (C)." for "C".
 *
 * @param letters allowed ones @default "ABCD"
 * @example
 * ```ts
 * import { choice, evaluate } from "langgraph-multimodel/evaluation";
 * await evaluate({ graph: small, dataset: [{ input: "2 + 2? A. 3 B. 4", expected: "B" }], scorers: [choice("AB")] });
 * ```
 * @throws {InvalidOptionError} when `letters` are no letters
 */
export function choice(letters = "ABCD"): Scorer {
  const normalize = normalizeChoice(letters);
  return same("choice", normalize, (expected) => normalize(written(expected)));
}

/**
 * Scores 1 for an answer whose JSON, or one field of it, equals the expected value; order of keys does not count.
 *
 * @param field of the answer that is compared @default the whole value
 * @example
 * ```ts
 * import { evaluate, json } from "langgraph-multimodel/evaluation";
 * await evaluate({ graph: small, dataset: [{ input: "City as JSON", expected: { city: "Rome" } }], scorers: [json()] });
 * ```
 */
export function json(field?: string): Scorer {
  const normalize = normalizeJson(field);
  return same("json", normalize, (expected) => {
    if (typeof expected === "string") return normalize(expected) || normalizeText(expected);
    const path = field?.split(".") ?? [];
    return normalize(JSON.stringify(path.reduceRight<unknown>((value, key) => ({ [key]: value }), expected)) ?? "");
  });
}

/**
 * Scores 1 for an answer that contains the expected text, or each of several; case does not count.
 *
 * @example
 * ```ts
 * import { contains, evaluate } from "langgraph-multimodel/evaluation";
 * await evaluate({ graph: small, dataset: [{ input: "Name two colours", expected: ["red", "blue"] }], scorers: [contains()] });
 * ```
 */
export function contains(): Scorer {
  return comparing("contains", ({ output, expected }) => {
    const parts = (Array.isArray(expected) ? expected : [expected]).map((part) => written(part).toLowerCase());
    const text = output.toLowerCase();
    return { name: "contains", score: parts.every((part) => part !== "" && text.includes(part)) ? 1 : 0 };
  });
}

/**
 * Scores 1 for an answer that a pattern matches.
 *
 * @param pattern @default the expected value, read as a pattern
 * @example
 * ```ts
 * import { evaluate, regex } from "langgraph-multimodel/evaluation";
 * await evaluate({ graph: small, dataset: [{ input: "An order number, please" }], scorers: [regex(/^[A-Z]{2}-\d{4}$/)] });
 * ```
 * @throws {InvalidOptionError} when `pattern` is no regular expression
 */
export function regex(pattern?: RegExp): Scorer {
  if (pattern !== undefined && !(pattern instanceof RegExp)) {
    throw new InvalidOptionError("regex.pattern", pattern, "give a regular expression: /\\d{4}/");
  }
  const score = (output: string, { source, flags }: RegExp): Score => ({
    ...{ name: "regex", score: new RegExp(source, flags.replace(/[gy]/g, "")).test(output) ? 1 : 0 },
  });
  if (pattern !== undefined) return named("regex", ({ output }) => score(output, pattern));
  return comparing("regex", ({ output, expected }) => score(output, new RegExp(written(expected), "u")));
}

registerFactories([
  [exact, "exact()"],
  [number, "number()"],
  [choice, 'choice("ABCD")'],
  [json, "json()"],
  [contains, "contains()"],
  [regex, "regex()"],
]);
