import { InvalidOptionError } from "../errors.js";
import type { ContextTurn } from "./context.js";

/** A label, a path of labels, or a function of the turn. */
export type Namespace = string | readonly string[] | ((turn: ContextTurn) => string | readonly string[]);

type Store = NonNullable<ContextTurn["config"]["store"]>;

/** What a stage gave, as it is stored. */
export interface Remembered {
  readonly stage: string;
  readonly text: string;
  /** What the user had asked. */
  readonly question?: string;
  /** Milliseconds since 1970, and the place among those stored together. */
  readonly at: readonly [time: number, place: number];
}

/** An item of the store: an output, or something else a user put there. */
export interface Entry {
  readonly key: string;
  readonly text: string;
  readonly output?: Remembered;
}

/** Keys of outputs begin with this; all other items belong to the user. */
export const outputPrefix = "output-";

/**
 * The store of the graph.
 *
 * @throws {InvalidOptionError} when the graph has none
 */
export function storeOf({ config }: Pick<ContextTurn, "config">): Store {
  if (config.store !== undefined) return config.store;
  const expected = "give the graph one: .compile({ store: new InMemoryStore() }), or a PostgresStore to keep it";
  throw new InvalidOptionError("sharedMemory.store", config.store, expected);
}

/**
 * A namespace as LangGraph takes it.
 *
 * @throws {InvalidOptionError} when it is empty or has a label LangGraph refuses
 */
export function labelsOf(namespace: string | readonly string[]): string[] {
  const labels = typeof namespace === "string" ? [namespace] : namespace;
  const usable = (label: unknown) => typeof label === "string" && label !== "" && !label.includes(".");
  if (Array.isArray(labels) && labels.length > 0 && labels.every(usable) && labels[0] !== "langgraph") return [...labels];
  const expected = 'give labels without ".", such as "team" or ["users", userId]; the first cannot be "langgraph"';
  throw new InvalidOptionError("sharedMemory.namespace", namespace, expected);
}

const page = 100;

/** All items of exactly this namespace: those the user put there, then outputs, oldest first. */
export async function entriesIn(store: Store, labels: readonly string[]): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let offset = 0, full = true; full; offset += page) {
    const items = await store.search([...labels], { limit: page, offset });
    full = items.length === page;
    const own = items.filter(({ namespace }) => namespace.join(".") === labels.join(".")); // a search finds those below it too
    entries.push(...own.map(({ key, value }) => entryOf(key, value)));
  }
  const [time, place] = [0, 1].map((index) => ({ output }: Entry) => output?.at[index] ?? 0) as [Rank, Rank];
  return entries.sort((one, other) => time(one) - time(other) || place(one) - place(other));
}

type Rank = (entry: Entry) => number;

function entryOf(key: string, value: Readonly<Record<string, unknown>>): Entry {
  const text = typeof value.text === "string" ? value.text : JSON.stringify(value);
  return key.startsWith(outputPrefix) ? { key, text, output: value as unknown as Remembered } : { key, text };
}

/** Stores outputs, and deletes the oldest ones beyond the limit. */
export async function store...
