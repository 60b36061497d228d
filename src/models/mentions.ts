import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";

/** Reference to a model by name in a strategy. */
export interface Mention {
  readonly name: string;
  /** Option that contains the name: `byKeyword.keywords`. */
  readonly option: string;
}

/** Model names of a strategy. A pattern throws when it is built if it lacks one of them. */
export interface Mentioning {
  readonly mentions?: readonly Mention[];
}

/** Attaches mentions to a strategy. */
export function mentioning<Strategy extends object>(
  strategy: Strategy,
  mentions: readonly Mention[],
): Strategy & Mentioning {
  return mentions.length === 0 ? strategy : Object.assign(strategy, { mentions });
}

/** Converts the model names of one option to mentions. */
export function named(option: string, names: Iterable<string | undefined>): readonly Mention[] {
  return [...names].flatMap((name) => (name === undefined ? [] : { name, option }));
}

/** Collects the mentions of several strategies. */
export function mentionsOf(strategies: readonly (Mentioning | undefined)[]): readonly Mention[] {
  return strategies.flatMap((strategy) => strategy?.mentions ?? []);
}

/**
 * Throws if a strategy names an unknown model, since such a name would never have an effect.
 *
 * @throws {InvalidOptionError} with the option, the known models and the nearest of them
 */
export function checkMentions(strategy: Mentioning | undefined, names: readonly string[], owner: string): void {
  for (const { name, option } of strategy?.mentions ?? []) {
    if (names.includes(name)) continue;
    const known = `the models of ${owner} are ${names.join(", ")}`;
    throw new InvalidOptionError(option, name, `${known}${didYouMean(name, names)}`);
  }
}
