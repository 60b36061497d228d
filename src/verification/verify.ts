import type { AIMessage } from "@langchain/core/messages";
import { InvalidOptionError, isCallFailure } from "../errors/index.js";
import type { Mentioning } from "../models/mentions.js";
import type { Turn } from "../models/turn.js";
import { badReturn, refuseUncalled } from "../models/uncalled.js";
import type { Candidate } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";

/** What a verifier is given; `ask` asks the judged model unless another one is named. */
export interface VerifyTurn extends Turn {
  readonly answer: AIMessage;
  /** All answers of this run so far, the judged one last. */
  readonly candidates: readonly Candidate[];
}

/** Says whether an answer is good enough: a plain function. */
export type Verify = ((turn: VerifyTurn) => Verdict | Promise<Verdict>) & {
  /** Added to what the judged model is asked, e.g. "state your confidence". */
  readonly instruction?: string;
} & Mentioning;

/**
 * Passes on what a verifier returned when it is a verdict.
 *
 * @throws {InvalidOptionError} when it is none: a fault of the program, not of the answer
 */
export function checkVerdict(verdict: Verdict, option: string): Verdict {
  if (typeof verdict?.pass === "boolean") return verdict;
  throw badReturn(option, verdict, "it must return { pass: boolean, … }; wrap a test with check(…)");
}

/** Refuses what is no list of verifiers. */
export function checkVerifiers(verifiers: readonly Verify[], owner: string): void {
  for (const [index, verify] of verifiers.entries()) refuseUncalled(verify, `${owner}[${index}]`);
  if (verifiers.length === 0 || verifiers.some((verify) => typeof verify !== "function")) {
    throw new InvalidOptionError(owner, verifiers, "give at least one verifier, each a function");
  }
}

/** The verdict of one of several verifiers, or the error of a judge that failed as a call; any other error is thrown. */
export async function verdictOf(verify: Verify, turn: VerifyTurn, owner: string): Promise<Verdict | Error> {
  try {
    return checkVerdict(await verify(turn), verify.name || owner);
  } catch (error) {
    if (turn.config.signal?.aborted || !isCallFailure(error)) throw error;
    return error;
  }
}

/** The turn as the next verifier sees it: with the answer this one replaced, among the candidates too. */
export function withAnswer(turn: VerifyTurn, { answer }: Verdict): VerifyTurn {
  if (answer === undefined) return turn;
  const judged = { ...turn.candidates.at(-1)!, message: answer };
  return { ...turn, answer, candidates: [...turn.candidates.slice(0, -1), judged] };
}

/** Refuses a threshold that is no number or off its scale, when the strategy is made. */
export function checkThreshold(
  threshold: number,
  option: string,
  [low, high]: readonly [number, number] = [0, 1],
): void {
  if (!(typeof threshold === "number" && threshold >= low && threshold <= high)) {
    throw new InvalidOptionError(option, threshold, `give a number from ${low} to ${high}`);
  }
}
