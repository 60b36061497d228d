import type { Config } from "../config/index.js";
import { choice, contains, exact, json, judge, number, regex, type Scorer } from "../evaluation/index.js";
import { didYouMean } from "../text/nearest-name.js";
import { UsageError } from "./exit-code.js";

const makers: Readonly<Record<string, (setting: string | undefined, config: Config) => Scorer>> = {
  exact: () => exact(),
  number: () => number(),
  choice: (letters) => choice(letters),
  json: (field) => json(field),
  contains: () => contains(),
  regex: () => regex(),
  judge: (name, { file, models }) => {
    const known = Object.keys(models);
    if (name !== undefined && Object.hasOwn(models, name)) return judge(models[name]!);
    const hint = name === undefined ? "" : didYouMean(name, known);
    throw new UsageError(`judge needs a model of ${file}: judge:${known[0]}; it has ${known.join(", ")}${hint}`);
  },
};

/**
 * Makes the scorers that a command names: `number`, `choice:ABCDE`, `judge:strong`.
 *
 * @throws {UsageError} for an unknown name
 */
export function scorersOf(names: readonly string[], config: Config): Scorer[] {
  return names.map((given) => {
    const [name = "", setting] = given.split(/:(.*)/s);
    if (Object.hasOwn(makers, name)) return makers[name]!(setting, config);
    const known = Object.keys(makers);
    throw new UsageError(`--scorer ${name} is unknown; there are ${known.join(", ")}${didYouMean(name, known)}`);
  });
}
