import type { BaseMessage } from "@langchain/core/messages";
import type { Budget } from "../../ledger/purse.js";
import type { Example } from "../runs/dataset.js";

/** What a scorer sees of one answer. */
export interface ScorerArgs {
  readonly input: Example["input"];
  /** Text of the answer, without thoughts. */
  readonly output: string;
  /** As the dataset has it; untyped, because scorers of other packages name the type they read. */
  readonly expected?: ReturnType<typeof JSON.parse>;
  readonly tags?: Readonly<Record<string, string>>;
  /** The whole answer, with tool calls. */
  readonly message?: BaseMessage;
  /** Budget of the evaluation, for a scorer that calls models. */
  readonly budget?: Budget;
}

/** Score of one answer, 0..1; `null` leaves the answer out of the figure. */
export interface Score {
  readonly name: string;
  readonly score: number | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Judges one answer. Has the shape of the scorers of `autoevals`, which plug in as they are. */
export type Scorer = (args: ScorerArgs) => Scored | Promise<Scored>;

export type Scored = Score | number | boolean | null;

/**
 * Reads what a scorer returned.
 *
 * @param name of the scorer, where the score has none
 * @returns `undefined` for a value that is no score
 */
export function scoreOf(scored: Scored, name: string): Score | undefined {
  const given = typeof scored === "object" && scored !== null ? scored : { name, score: scored };
  const score = typeof given.score === "boolean" ? Number(given.score) : given.score;
  if (score !== null && !(typeof score === "number" && score >= 0 && score <= 1)) return undefined;
  return { ...given, name: given.name ?? name, score };
}

/** Gives a scorer its name in reports. */
export function named<Named extends Scorer>(name: string, scorer: Named): Named {
  return Object.defineProperty(scorer, "name", { value: name });
}
