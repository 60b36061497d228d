import type { OwnState } from "../state/own-keys.js";
import type { Prompt } from "../state/prompt.js";

/** Settings recommended for a kind of task, by the names of the run context. */
export interface TaskSettings {
  readonly complexity?: string;
  readonly model?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What a factory was given for the whole graph; its nodes read it. */
export interface GraphSettings {
  readonly owner: string;
  /** Fields of the state's own keys. */
  readonly own: OwnState;
  /** Prompt of all answering models. */
  readonly system?: Prompt | undefined;
  /** Prompts that are filled in a run, and where they were given: what they need is checked as the run starts. */
  readonly prompts: { readonly prompt: Prompt; readonly option: string }[];
  /** Settings by the task of a run. */
  tasks?: Readonly<Record<string, TaskSettings>>;
}

const settings = new WeakMap<object, GraphSettings>();

export function keepSettings(graph: object, given: GraphSettings): void {
  settings.set(graph, given);
}

/** Reads the settings of a graph that is built; of a foreign graph there are none. */
export function settingsOf(graph: object): GraphSettings | undefined {
  return settings.get(graph);
}
