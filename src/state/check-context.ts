import { InvalidOptionError } from "../errors/index.js";

/** Run settings that do not work yet, each with what to use instead. */
const announced: Readonly<Record<string, string>> = {
  maxCostUsd:
    "it does not work yet; totalCost(calls) says afterwards what a run cost, and maxTokens in `parameters` of an entry bounds an answer",
  deadlineMs:
    "it does not work yet; give `timeout` of the entries, or `signal: AbortSignal.timeout(ms)` beside `context`",
  stream:
    'it does not work yet; a run streams the answers that are certain to be returned, with `streamMode: "messages"`',
  parameters: "it does not work yet; give `parameters` of the entries",
};

/**
 * Throws at run settings that do not work yet, because a silently ignored limit would look like one that holds.
 *
 * @throws {InvalidOptionError} with what to use instead
 */
export function checkContext(context: unknown, option = "context"): void {
  if (typeof context !== "object" || context === null) return;
  const settings = context as Record<string, unknown>;
  const key = Object.keys(announced).find((name) => settings[name] !== undefined);
  if (key !== undefined) throw new InvalidOptionError(`${option}.${key}`, settings[key], announced[key]!);
}
