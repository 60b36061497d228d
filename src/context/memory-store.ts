import { InvalidOptionError } from "../errors/index.js";
import type { ContextTurn } from "./context.js";

export type Namespace = string | readonly string[] | ((turn: ContextTurn) => string | readonly string[]);

type Store = NonNullable<ContextTurn["config"]["store"]>;

interface Remembered {
  readonly stage: string;
  readonly text: string;
  /** Question of the user, its middle cut out if it is long. */
  readonly question: string;
  /** Milliseconds since 1970, with a fraction that orders outputs stored at once. */
  readonly at: number;
}

export interface Entry {
  readonly key: string;
  readonly text: string;
  /** Unset for items that the user stored. */
  readonly output?: Remembered;
}

export interface Memory {
  readonly store: Store;
  readonly labels: string[];
  readonly entries: readonly Entry[];
}

/** Key prefix of outputs; all other items belong to the user. */
export const outputPrefix = "output-";

export function storeOf({ config }: Pick<ContextTurn, "config">): Store {
  if (config.store !== undefined) return config.store;
  const expected = "give the graph one: .compile({ store: new InMemoryStore() }), or a PostgresStore to keep it";
  throw new InvalidOptionError("sharedMemory.store", config.store, expected);
}

/** Returns a namespace as a list of labels; throws if it is empty or LangGraph rejects a label. */
export function labelsOf(namespace: string | readonly string[]): string[] {
  const labels = typeof namespace === "string" ? [namespace] : namespace;
  const usable = (label: unknown) => typeof label === "string" && label !== "" && !label.includes(".");
  if (Array.isArray(labels) && labels.length > 0 && labels.every(usable) && labels[0] !== "langgraph")
    return [...labels];
  const expected = 'give labels without ".", such as "team" or ["users", userId]; the first cannot be "langgraph"';
  throw new InvalidOptionError("sharedMemory.namespace", namespace, expected);
}

const page = 100;

/** Returns all items of exactly this namespace: those of the user, then outputs, oldest first. */
export async function entriesIn(store: Store, labels: readonly string[]): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let offset = 0, full = true; full; offset += page) {
    const items = await store.search([...labels], { limit: page, offset });
    full = items.length === page;
    const own = items.filter(({ namespace }) => namespace.join(".") === labels.join(".")); // search also returns nested namespaces
    entries.push(...own.map(({ key, value }) => entryOf(key, value)));
  }
  return entries.sort((one, other) => (one.output?.at ?? 0) - (other.output?.at ?? 0));
}

function entryOf(key: string, value: Readonly<Record<string, unknown>>): Entry {
  const text = typeof value.text === "string" ? value.text : JSON.stringify(value);
  return key.startsWith(outputPrefix) && isRemembered(value) ? { key, text, output: value } : { key, text };
}

function isRemembered(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Remembered {
  const texts = [value.stage, value.text, value.question];
  return typeof value.at === "number" && texts.every((text) => typeof text === "string");
}
