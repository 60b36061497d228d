import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";
import { RunContext, RunParameters } from "./run-context.js";

/** Run settings that do not work yet, each with what to use instead. */
const announced: Readonly<Record<string, string>> = {
  maxCostUsd:
    "it does not work yet; totalCost(calls) says afterwards what a run cost, and maxTokens in `parameters` of an entry bounds an answer",
  deadlineMs:
    "it does not work yet; give `timeout` of the entries, or `signal: AbortSignal.timeout(ms)` beside `context`",
};

/**
 * Throws at run settings that do not work yet, because a silently ignored limit would look like one that holds.
 *
 * @throws {InvalidOptionError} with what to use instead, and for `parameters` with an unknown name or an invalid value
 */
export function checkContext(context: unknown, option = "context"): void {
  if (typeof context !== "object" || context === null) return;
  const settings = context as Record<string, unknown>;
  const key = Object.keys(announced).find((name) => settings[name] !== undefined);
  if (key !== undefined) throw new InvalidOptionError(`${option}.${key}`, settings[key], announced[key]!);
  checkStream(settings.stream, `${option}.stream`);
  checkParameters(settings.parameters, `${option}.parameters`);
}

function checkStream(stream: unknown, option: string): void {
  if (stream === undefined || RunContext.shape.stream.safeParse(stream).success) return;
  throw new InvalidOptionError(option, stream, 'give "live" or "committed"; "whole" is an option of asChatModel');
}

function checkParameters(parameters: unknown, option: string): void {
  if (parameters === undefined) return;
  const names = Object.keys(RunParameters.shape);
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    throw new InvalidOptionError(option, parameters, "give an object: { temperature: 0.2 }");
  }
  const given = parameters as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const expected = `a run has ${names.join(", ")}${didYouMean(unknown, names)}`;
    throw new InvalidOptionError(`${option}.${unknown}`, given[unknown], expected);
  }
  const issue = RunParameters.safeParse(given).error?.issues[0];
  if (issue !== undefined) {
    const [name] = issue.path as [string];
    throw new InvalidOptionError(`${option}.${name}`, given[name], issue.message);
  }
}
