/** Private keys of LangGraph (1.7.3) in `configurable`. */
const keys = {
  read: "__pregel_read",
  signals: "__pregel_abort_signals",
  checkpointer: "__pregel_checkpointer",
  send: "__pregel_send",
} as const;

/** True inside a node of a running graph, to which LangGraph passes a function that reads its state. */
export function isWithinRun(configurable: Readonly<Record<string, unknown>> | undefined): boolean {
  return configurable?.[keys.read] !== undefined;
}

/** True for an update of a graph nested in this one, which LangGraph will pass on to it. */
export function isForNested(configurable: Readonly<Record<string, unknown>> | undefined): boolean {
  const namespace = configurable?.checkpoint_ns ?? "";
  return namespace !== "" && !isWithinRun(configurable) && configurable?.[keys.checkpointer] === undefined;
}

/**
 * Removes the outer run's abort signals from the `configurable` of a nested run, because LangGraph would use them instead of the
 * nested run's own signal.
 */
export function withOwnSignal(configurable: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...configurable, [keys.signals]: undefined };
}

/** Returns the signal that ends the run around a node. */
export function signalAround(configurable: Readonly<Record<string, unknown>> | undefined): AbortSignal | undefined {
  return (configurable?.[keys.signals] as { readonly externalAbortSignal?: AbortSignal } | undefined)
    ?.externalAbortSignal;
}

/** Splits an `updates` chunk into the nodes and LangGraph's note whether they ran before a resume. */
export function splitUpdates<Update>(chunk: Readonly<Record<string, Update>>): {
  readonly nodes: Readonly<Record<string, Update>>;
  readonly ranBefore: boolean;
} {
  const { __metadata__: about, ...nodes } = chunk;
  return { nodes, ranBefore: (about as { readonly cached?: unknown } | undefined)?.cached === true };
}

/** True for a compiled graph of any copy of LangGraph, unlike `instanceof`. */
export function isCompiledGraph(value: unknown): boolean {
  return (Object(value) as { readonly lg_is_pregel?: unknown }).lg_is_pregel === true;
}

/** Writes to channels of the graph around, as a part of what the current node writes; returns false outside a node. */
export function writeAround(
  configurable: Readonly<Record<string, unknown>> | undefined,
  values: Readonly<Record<string, unknown>>,
): boolean {
  const send = configurable?.[keys.send];
  if (typeof send !== "function") return false;
  send(Object.entries(values));
  return true;
}
