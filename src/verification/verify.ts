import { AIMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import { InvalidOptionError, isCallFailure } from "../errors/index.js";
import { badReturn, refuseUncalled } from "../errors/uncalled.js";
import type { Mentioning } from "../models/mentions.js";
import type { Candidate } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";

/** What a verifier is given; `ask` asks the judged model unless another one is named. */
export interface VerifyTurn extends StrategyTurn {
  readonly answer: AIMessage;
  /** All answers of this run so far, the judged one last. */
  readonly candidates: readonly Candidate[];
  /** True where no verdict changes anything that comes: asking a model then ends the judging, and no call is made. @default false */
  readonly last?: boolean;
}

/** Says whether an answer is good enough: a plain function. */
export type Verify = ((turn: VerifyTurn) => Verdict | Promise<Verdict>) & {
  /** Added to what the judged model is asked, e.g. "state your confidence". */
  readonly instruction?: string;
  /** True of one that gives no verdict without asking a model: it is not called where that would be money for nothing. */
  readonly asks?: boolean;
} & Mentioning;

/** Ends the judging of an answer nothing comes after: a model would have to be asked for the verdict. */
export class Unjudged extends Error {
  override readonly name = "Unjudged";

  /** @param answer the answer as verifiers left it that asked no model */
  constructor(readonly answer: AIMessage) {
    super("The last answer is not judged by a model: nothing comes after it");
  }
}

/**
 * Has an answer judged; the last one without asking a model.
 *
 * @param option what a value that is no verdict is reported as
 * @throws {Unjudged} when the answer is the last and a model would have to be asked
 */
export async function judgedBy(verify: Verify, turn: VerifyTurn, option: string): Promise<Verdict> {
  if (turn.last !== true) return checkVerdict(await verify(turn), option);
  const ended = new Unjudged(turn.answer);
  if (verify.asks === true) throw ended;
  let asked = false;
  const ask = () => {
    asked = true;
    const refused = Promise.reject(ended);
    refused.catch(() => {}); // of a verifier that does not wait for it
    return refused;
  };
  try {
    const verdict = await verify({ ...turn, ask });
    if (!asked) return checkVerdict(verdict, option);
  } catch (error) {
    if (!asked || error instanceof Unjudged) throw error;
  }
  throw ended; // whatever it made of the refusal
}

/** What a verifier made of others says of itself: what its models are asked, and whether each of them asks one. */
export function composed<Composed extends Verify>(composed: Composed, verifiers: readonly Verify[]): Composed {
  const instruction = verifiers.flatMap((verify) => verify.instruction ?? []).join("\n");
  const asks = verifiers.every((verify) => verify.asks === true);
  return Object.assign(composed, { ...(instruction !== "" && { instruction }), ...(asks && { asks }) });
}

/**
 * Passes on what a verifier returned when it is a verdict.
 *
 * @throws {InvalidOptionError} when it is none: a fault of the program, not of the answer
 */
export function checkVerdict(
  verdict: Verdict,
  option: string,
  expected = "it must return { pass: boolean, … }; wrap a test with check(…)",
): Verdict {
  const { pass, answer } = Object(verdict) as Partial<Verdict>;
  if (typeof pass === "boolean") {
    if (answer === undefined || AIMessage.isInstance(answer)) return verdict;
    throw new InvalidOptionError(`${option}.answer`, answer, "a verdict replaces the answer with an AIMessage");
  }
  throw badReturn(option, verdict, expected);
}

/** Refuses what is no list of verifiers. */
export function checkVerifiers(verifiers: readonly Verify[], owner: string): void {
  for (const [index, verify] of verifiers.entries()) refuseUncalled(verify, `${owner}[${index}]`);
  if (verifiers.length === 0 || verifiers.some((verify) => typeof verify !== "function")) {
    throw new InvalidOptionError(owner, verifiers, "give at least one verifier, each a function");
  }
}

/**
 * The verdict of one of several verifiers, or the error of one that says nothing: a judge that failed as a call, or one that is
 * not paid for the last answer. Any other error is thrown.
 */
export async function verdictOf(verify: Verify, turn: VerifyTurn, owner: string): Promise<Verdict | Error> {
  try {
    return await judgedBy(verify, turn, verify.name || owner);
  } catch (error) {
    if (error instanceof Unjudged) return error;
    if (turn.config.signal?.aborted || !isCallFailure(error)) throw error;
    return error;
  }
}

/** The turn as the next verifier sees it: with the answer this one replaced, among the candidates too. */
export function withAnswer(turn: VerifyTurn, { answer }: Pick<Verdict, "answer">): VerifyTurn {
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
