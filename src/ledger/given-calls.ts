import { InvalidOptionError } from "../errors/index.js";
import { ModelCall } from "./model-call.js";

/** A ledger, or what holds one: the final state of a run, also as JSON. */
export type GivenCalls = readonly ModelCall[] | { readonly calls: readonly ModelCall[] };

const advice = "give the final state of a run, its `calls`, or callsOf(error)";

/**
 * Returns the checked calls of a state or of a list.
 *
 * @param owner the calling function
 * @throws {InvalidOptionError} when there is no list of calls, with the position of the first entry that is no call
 */
export function givenCalls(given: GivenCalls, owner: string): readonly ModelCall[] {
  const calls: unknown = Array.isArray(given) ? given : (Object(given) as { calls?: unknown }).calls;
  if (!Array.isArray(calls)) throw new InvalidOptionError(`${owner}.state`, given, advice);
  const wrong = calls.findIndex((call) => !ModelCall.safeParse(call).success);
  if (wrong >= 0)
    throw new InvalidOptionError(
      `${owner}.calls[${wrong}]`,
      calls[wrong],
      `${advice}; a line has a path, a model, a role, a status, startedAt and latencyMs`,
    );
  return calls as ModelCall[];
}
