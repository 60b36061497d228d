import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";
import { RunContext, RunParameters } from "./run-context.js";

/**
 * Throws at invalid run settings, because a silently ignored limit would look like one that holds.
 *
 * @throws {InvalidOptionError} for a limit out of range or under a misspelt name, an unknown `stream`, and `parameters` with an unknown name or an invalid value
 */
export function checkContext(context: unknown, option = "context"): void {
  if (typeof context !== "object" || context === null) return;
  const settings = context as Record<string, unknown>;
  checkNumber(settings.maxCostUsd, `${option}.maxCostUsd`, "give dollars, at least 0", (usd) => usd >= 0);
  checkNumber(settings.deadlineMs, `${option}.deadlineMs`, "give ms above 0", (ms) => ms > 0);
  checkLimitNames(settings, option);
  checkStream(settings.stream, `${option}.stream`);
  checkParameters(settings.parameters, `${option}.parameters`);
}

function checkNumber(value: unknown, option: string, expected: string, holds: (value: number) => boolean): void {
  if (value === undefined || (typeof value === "number" && holds(value))) return;
  throw new InvalidOptionError(option, value, expected);
}

/** Throws at a misspelt limit. A run may have fields of its own, so only numbers under a similar name are taken for one. */
function checkLimitNames(settings: Readonly<Record<string, unknown>>, option: string): void {
  const limits = ["maxCostUsd", "deadlineMs"];
  for (const [name, value] of Object.entries(settings)) {
    const meant = typeof value !== "number" || name in RunContext.shape ? "" : didYouMean(name, limits);
    if (meant !== "") throw new InvalidOptionError(`${option}.${name}`, value, `no limit has this name${meant}`);
  }
}

function checkStream(stream: unknown, option: string): void {
  if (stream === undefined || RunContext.shape.stream.safeParse(stream).success) return;
  throw new InvalidOptionError(option, stream, 'give "live" or "committed"; "whole" is an option of asChatModel');
}

/**
 * Throws at parameters that no run can have.
 *
 * @throws {InvalidOptionError} with the names there are
 */
export function checkParameters(parameters: unknown, option: string): void {
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
