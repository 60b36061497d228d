/** Keys that LangGraph (1.7.3) keeps in `configurable` for itself. */
const keys = { read: "__pregel_read", signals: "__pregel_abort_signals" } as const;

/** True below a node of a running graph: LangGraph hands the way to read its state to every node. */
export function isWithinRun(configurable: Readonly<Record<string, unknown>> | undefined): boolean {
  return configurable?.[keys.read] !== undefined;
}

/**
 * Removes the abort signals of the run around from the `configurable` of a nested run: LangGraph hands them down, and then ignores the
 * signal the nested run is given.
 */
export function withOwnSignal(configurable: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...configurable, [keys.signals]: undefined };
}

/** Splits a chunk of `updates` from the note LangGraph lays beside its nodes: whether they ran before, and are given again on a resume. */
export function splitUpdates<Update>(chunk: Readonly<Record<string, Update>>): {
  readonly nodes: Readonly<Record<string, Update>>;
  readonly ranBefore: boolean;
} {
  const { __metadata__: about, ...nodes } = chunk;
  return { nodes, ranBefore: (about as { readonly cached?: unknown } | undefined)?.cached === true };
}

/** True for a compiled graph, of whichever copy of LangGraph: its classes differ, this mark does not. */
export function isCompiledGraph(value: unknown): boolean {
  return (Object(value) as { readonly lg_is_pregel?: unknown }).lg_is_pregel === true;
}
