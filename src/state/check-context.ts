import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";
import { RunParameters } from "./run-context.js";

/** Run settings that do not work yet, each with what to use instead. */
const announced: Readonly<Record<string, string>> = {
  stream:
    'it does not work yet; a run streams the answers that are certain to be returned, with `streamMode: "messages"`',
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
  checkNumber(settings.maxCostUsd, `${option}.maxCostUsd`, "give dollars, at least 0", (usd) => usd >= 0);
  checkNumber(settings.deadlineMs, `${option}.deadlineMs`, "give ms above 0", (ms) => ms > 0);
  checkParameters(settings.parameters, `${option}.parameters`);
}

function checkNumber(value: unknown, option: string, expected: string, holds: (value: number) => boolean): void {
  if (value === undefined || (typeof value === "number" && holds(value))) return;
  throw new InvalidOptionError(option, value, expected);
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
