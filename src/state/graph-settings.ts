import type { Budget } from "../ledger/purse.js";
import type { RunPrompt } from "./note-prompts.js";
import type { OwnState } from "./own-keys.js";
import type { Privacy } from "./privacy.js";
import type { GivenPrompt } from "./prompt.js";

/** Options of a factory that its nodes read in every run. */
export interface GraphSettings {
  readonly owner: string;
  /** Fields of the state's own keys. */
  readonly own: OwnState;
  /** Prompt of all answering models. */
  readonly system?: GivenPrompt | undefined;
  /** Window budget of all calls of the graph. */
  readonly budget?: Budget | undefined;
  /** Rule about what is sensitive, for all calls of the graph. */
  readonly privacy?: Privacy | undefined;
  /** Prompts to fill in each run; their variables are checked when the run starts. */
  readonly prompts: RunPrompt[];
  /** Own keys that a node may write: those a graph behind a model has too, and all of them where nodes were added by hand. */
  readonly written: () => readonly string[];
  /** Notes a node of the pattern, with the own keys it may write. */
  readonly noteNode: (name: string, keys: readonly string[]) => void;
}

const settings = new WeakMap<object, GraphSettings>();

/** Attaches settings to a graph. */
export function keepSettings(graph: object, given: GraphSettings): void {
  settings.set(graph, given);
}

/** Returns the settings of a pattern; `undefined` for a foreign graph. */
export function settingsOf(graph: object): GraphSettings | undefined {
  return settings.get(graph);
}
