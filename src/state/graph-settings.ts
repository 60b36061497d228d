import type { Budget } from "../ledger/purse.js";
import type { OwnState } from "./own-keys.js";
import type { Prompt } from "./prompt.js";

/** Options of a factory that its nodes read in every run. */
export interface GraphSettings {
  readonly owner: string;
  /** Fields of the state's own keys. */
  readonly own: OwnState;
  /** Prompt of all answering models. */
  readonly system?: Prompt | undefined;
  /** Window budget of all calls of the graph. */
  readonly budget?: Budget | undefined;
  /** Prompts to fill in each run, with the option that gave them; their variables are checked when the run starts. */
  readonly prompts: { readonly prompt: Prompt; readonly option: string }[];
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
