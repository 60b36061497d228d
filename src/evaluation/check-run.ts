import { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import { givenCalls } from "../ledger/given-calls.js";
import { Decision } from "../state/decision.js";
import type { ComparableRun } from "./run-facts.js";

const Decisions = z.array(Decision.pick({ node: true, kind: true, chosen: true })).nullish();

/**
 * Checks that a run has a ledger of calls and decisions, which a state of another graph or a line of a log may lack.
 *
 * @throws {InvalidOptionError} with the position of the run
 */
export function checkRun(run: ComparableRun, index: number): void {
  const owner = `compareVariants.runs[${index}]`;
  const {
    calls,
    earlierCalls,
    decisions,
    response_metadata: answer,
  } = Object(run) as Readonly<Record<string, unknown>>;
  if (Array.isArray(calls)) {
    for (const list of [calls, earlierCalls ?? []]) givenCalls(list as never, owner);
    if (Decisions.safeParse(decisions).success) return;
    throw new InvalidOptionError(`${owner}.decisions`, decisions, "give the decisions of a run as they are");
  }
  if (run instanceof Error || answer !== undefined) return;
  const expected =
    "it has no ledger: give a final state, a row of `multimodel run`, an error, or an answer of asChatModel";
  throw new InvalidOptionError(owner, run, expected);
}
