import { AIMessage } from "@langchain/core/messages";
import { type Rehearsal, rehearsalOf } from "../calls/rehearsal.js";
import type { StrategyTurn } from "../calls/turn.js";
import { InvalidOptionError, isCallFailure } from "../errors/index.js";
import { invalidReturn, refuseFactory } from "../errors/refuse-factory.js";
import type { Mentioning } from "../models/mentions.js";
import type { Candidate } from "../state/orchestration-state.js";
import type { Prompt } from "../state/prompt.js";
import type { Verdict } from "../state/verdict.js";
import { didYouMean } from "../text/nearest-name.js";

/** Input of a verifier; `ask` calls the judged model unless given another one. */
export interface VerifyTurn<Own = object> extends StrategyTurn<Own> {
  readonly answer: AIMessage;
  /** Answers of this run so far, the judged one last. */
  readonly candidates: readonly Candidate[];
  /** True if no model comes after this answer, so that a verdict would change nothing: `ask` then ends the judging. @default false */
  readonly last?: boolean;
}

/**
 * Decides whether an answer is good enough: a plain function.
 *
 * @typeParam Own keys that `state` of the factory adds. @default those of any graph
 */
export type Verify<Own = object> = ((turn: VerifyTurn<Own>) => Verdict | Promise<Verdict>) & {
  /** Added to the prompt of the judged model, e.g. "state your confidence". */
  readonly instruction?: string;
  /** True if it always calls a model: it is then skipped where its verdict would change nothing. */
  readonly asks?: boolean;
  /** True if it reads log-probabilities: they are switched on at the clients of the judged models, where those have a switch. */
  readonly logprobs?: boolean;
  /** Model that a cascade asks first. @default the first of its `models` */
  readonly first?: string;
  /** What `judgeRubric` and `judgeThreshold` of a run context replace, for forms that show it. */
  readonly judge?: { readonly rubric: Prompt; readonly threshold: number; readonly scale: readonly [number, number] };
} & Mentioning;

/** Thrown when a verdict on the last answer would need a model call, which could change nothing. */
export class Unjudged extends Error {
  override readonly name = "Unjudged";

  /** @param answer the answer, with the changes of verifiers that call no model */
  constructor(readonly answer: AIMessage) {
    super("The last answer is not judged by a model, because no model comes after it");
  }
}

/** Runs a verifier. On the last answer its `ask` rejects, and it ends with `Unjudged` if it needs that call. */
export async function runVerifier(given: Verify, turn: VerifyTurn, option: string): Promise<Verdict> {
  const rehearsal = rehearsalOf(turn.config);
  const verify = rehearsal === undefined ? given : rehearsed(given, rehearsal);
  if (turn.last !== true) return checkVerdict(await verify(turn), option);
  const ended = new Unjudged(turn.answer);
  if (verify.asks === true) throw ended;
  let asked = false;
  const ask = () => {
    asked = true;
    const refused = Promise.reject(ended);
    refused.catch(() => {}); // in case the verifier does not await it
    return refused;
  };
  try {
    const verdict = await verify({ ...turn, ask });
    if (!asked) return checkVerdict(verdict, option);
  } catch (error) {
    if (!asked || error instanceof Unjudged) throw error;
  }
  throw ended; // even if the verifier caught the rejection
}

/** Runs a verifier on a stand-in for the calls that it makes; its verdict is the script's. */
function rehearsed(verify: Verify, { script }: Rehearsal): Verify {
  const judge = async (turn: VerifyTurn): Promise<Verdict> => {
    const pass = script.outcome === "answers";
    try {
      await verify(turn);
    } catch (error) {
      if (error instanceof Unjudged) throw error;
    }
    return { pass, reason: pass ? "it passes in this rehearsal" : "it does not pass in this rehearsal" };
  };
  return Object.assign(judge, { ...(verify.asks === true && { asks: true }) });
}

/** Combines the instructions of several verifiers; the result `asks` only if all of them do. */
export function composed<Composed extends Verify>(composed: Composed, verifiers: readonly Verify[]): Composed {
  const instruction = verifiers.flatMap((verify) => verify.instruction ?? []).join("\n");
  const asks = verifiers.every((verify) => verify.asks === true);
  const logprobs = verifiers.some((verify) => verify.logprobs === true);
  return Object.assign(composed, {
    ...(instruction !== "" && { instruction }),
    ...(asks && { asks }),
    ...(logprobs && { logprobs }),
  });
}

/**
 * Returns a verifier's verdict, which has not passed the answer if its score is no usable number; throws if it is no verdict, which is
 * a bug of the verifier.
 */
export function checkVerdict(
  verdict: Verdict,
  option: string,
  expected = "it must return { pass: boolean, … }; wrap a test with check(…)",
): Verdict {
  const { pass, answer, reason, feedback, threshold, next } = Object(verdict) as Partial<Verdict>;
  if (typeof pass !== "boolean") throw invalidReturn(option, verdict, expected);
  const typo = Object.keys(verdict).find((name) => !verdictKeys.includes(name) && didYouMean(name, longKeys) !== "");
  if (typo !== undefined) {
    const known = `the keys of a verdict are ${verdictKeys.join(", ")}${didYouMean(typo, longKeys)}`;
    throw new InvalidOptionError(`${option}.${typo}`, verdict[typo as keyof Verdict], known);
  }
  if (answer !== undefined && !AIMessage.isInstance(answer))
    throw new InvalidOptionError(`${option}.answer`, answer, "a verdict replaces the answer with an AIMessage");
  for (const [name, text] of Object.entries({ reason: reason ?? "", feedback: feedback ?? "", next: next ?? "" })) {
    if (typeof text !== "string") throw new InvalidOptionError(`${option}.${name}`, text, "give a text");
  }
  if (threshold !== undefined && !Number.isFinite(threshold))
    throw new InvalidOptionError(`${option}.threshold`, threshold, share);
  return withUsableScore(verdict, option);
}

const verdictKeys: readonly string[] = ["pass", "score", "threshold", "feedback", "reason", "answer", "next"];
/** Keys that a misspelt one may mean; `text` would be near `next`. */
const longKeys = verdictKeys.filter((key) => key !== "next");
const share = "give a number from 0 to 1: 8 of 10 is 0.8";

function withUsableScore(verdict: Verdict, option: string): Verdict {
  const { score, ...rest } = verdict;
  if (score === undefined) return verdict;
  if (!Number.isFinite(score) || score < -rounding) return { ...rest, pass: false, reason: noScore };
  if (score > 1 + rounding) throw new InvalidOptionError(`${option}.score`, score, share);
  return score >= 0 && score <= 1 ? verdict : { ...verdict, score: Math.min(1, Math.max(0, score)) };
}

const noScore = "the verifier gave no usable score";
/** Rounding error of a computed share. */
const rounding = 1e-6;

export function checkVerifiers(verifiers: readonly Verify[], owner: string): void {
  for (const [index, verify] of verifiers.entries()) refuseFactory(verify, `${owner}[${index}]`);
  if (verifiers.length === 0 || verifiers.some((verify) => typeof verify !== "function")) {
    throw new InvalidOptionError(owner, verifiers, "give at least one verifier, each a function");
  }
}

/** Returns a verdict, or the error that left the answer unverified: a judge's call failed, or was skipped on the last answer. */
export async function verdictOrFailure(verify: Verify, turn: VerifyTurn, owner: string): Promise<Verdict | Error> {
  try {
    return await runVerifier(verify, turn, verify.name || owner);
  } catch (error) {
    if (error instanceof Unjudged) return error;
    if (turn.config.signal?.aborted || !isCallFailure(error)) throw error;
    return error;
  }
}

/** Replaces the answer of a turn for the next verifier, among the candidates too. */
export function withAnswer(turn: VerifyTurn, { answer }: Pick<Verdict, "answer">): VerifyTurn {
  if (answer === undefined) return turn;
  const judged = { ...turn.candidates.at(-1)!, message: answer };
  return { ...turn, answer, candidates: [...turn.candidates.slice(0, -1), judged] };
}

export function checkThreshold(
  threshold: number,
  option: string,
  [low, high]: readonly [number, number] = [0, 1],
): void {
  if (!(typeof threshold === "number" && threshold >= low && threshold <= high)) {
    throw new InvalidOptionError(option, threshold, `give a number from ${low} to ${high}`);
  }
}
