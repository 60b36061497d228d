import { DeltaValue, Overwrite, ReducedValue } from "@langchain/langgraph";
import type { OwnState } from "../state/own-keys.js";
import { isSame } from "../text/is-same.js";

interface Graph {
  readonly channels?: Readonly<Record<string, { readonly lc_graph_name?: string }>>;
}

/** Names the own keys that a graph below has, too. */
export function sharedKeys(graph: object, own: readonly string[]): readonly string[] {
  const { channels = {} } = graph as Graph;
  return own.filter((key) => key in channels);
}

/**
 * Makes the input of own keys for a graph below.
 *
 * @param isPattern a pattern takes the value of a reduced key as it is; a foreign graph adds it to its own, as LangGraph's subgraphs do
 */
export function sharedInput(graph: object, own: OwnState, isPattern: boolean): Record<string, unknown> {
  const { channels = {} } = graph as Graph;
  const given = sharedKeys(graph, Object.keys(own)).map((key) => {
    const isWhole = isPattern && channels[key]!.lc_graph_name === "BinaryOperatorAggregate";
    return [key, isWhole ? new Overwrite(own[key]) : own[key]];
  });
  return Object.fromEntries(given);
}

/**
 * Makes the update that brings a changed key to its channel. What was appended to a list goes through the reducer, so that models
 * asked at the same time may append; another change of a reduced key replaces the value.
 */
export function sharedUpdate(field: unknown, before: unknown, after: unknown): unknown {
  if (!ReducedValue.isInstance(field) && !DeltaValue.isInstance(field)) return after;
  if (Array.isArray(before ?? []) && Array.isArray(after)) {
    const known = (before ?? []) as readonly unknown[];
    const isAppended = known.every((value, index) => isSame(value, after[index]));
    const added = after.slice(known.length);
    if (isAppended && accepts(field.inputSchema, added)) return added;
    if (isAppended && added.length === 1 && accepts(field.inputSchema, added[0])) return added[0];
  }
  return new Overwrite(after);
}

interface Validating {
  readonly "~standard": { validate(value: unknown): { readonly issues?: unknown } | Promise<unknown> };
}

function accepts(schema: unknown, value: unknown): boolean {
  const result = (schema as Validating)["~standard"].validate(value);
  return !("then" in result) && result.issues === undefined;
}
