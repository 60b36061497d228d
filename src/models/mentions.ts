import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";

/** A model a strategy names. */
export interface Mention {
  readonly name: string;
  /** The option that names it: `byKeyword.keywords`. */
  readonly option: string;
}

/** What every strategy may carry: the models it names. A pattern refuses a strategy that names a model it does not have. */
export interface Mentioning {
  readonly mentions?: readonly Mention[];
}

/** Writes on a strategy which models it names. */
export function mentioning<Strategy extends object>(
  strategy: Strategy,
  mentions: readonly Mention[],
): Strategy & Mentioning {
  return mentions.length === 0 ? strategy : Object.assign(strategy, { mentions });
}

/** Names an option holds, as mentions. */
export function named(option: string, names: Iterable<string | undefined>): readonly Mention[] {
  return [...names].flatMap((name) => (name === undefined ? [] : { name, option }));
}

/** The models several strategies name together. */
export function mentionsOf(strategies: readonly (Mentioning | undefined)[]): readonly Mention[] {
  return strategies.flatMap((strategy) => strategy?.mentions ?? []);
}

/**
 * Refuses a strategy that names a model there is none of, as the graph is built: such a name is never chosen and counts nothing.
 *
 * @throws {InvalidOptionError} that says which option of the strategy it is, the models there are, and the nearest of them
 */
export function checkMentions(strategy: Mentioning | undefined, names: readonly string[], owner: string): void {
  for (const { name, option } of strategy?.mentions ?? []) {
    if (names.includes(name)) continue;
    const known = `the models of ${owner} are ${names.join(", ")}`;
    throw new InvalidOptionError(option, name, `${known}${didYouMean(name, names)}`);
  }
}
