import type { GivenPrompt } from "./prompt.js";
import type { RunContext } from "./run-context.js";

/** A prompt that runs of a graph fill. */
export interface RunPrompt extends GivenPrompt {
  /** Where its variables come from if a graph within fills it: own keys of that graph, and settings bound to it. */
  readonly within?: { readonly own: readonly string[]; readonly context?: RunContext | undefined };
}

const noted = new WeakMap<object, readonly RunPrompt[]>();

/** Notes the prompts that a strategy fills, so that a pattern checks their variables as a run starts. */
export function notePrompts<Strategy extends object>(strategy: Strategy, prompts: readonly RunPrompt[]): Strategy {
  if (prompts.length > 0) noted.set(strategy, prompts);
  return strategy;
}

/** Returns the prompts of some strategies, also of those that others are made of. */
export function notedPrompts(strategies: readonly (object | undefined)[]): readonly RunPrompt[] {
  return strategies.flatMap((strategy) => (strategy === undefined ? [] : (noted.get(strategy) ?? [])));
}
