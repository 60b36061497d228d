import { ReducedValue } from "@langchain/langgraph";
import { z } from "zod";
import { isEntry, revived } from "./edited.js";

interface ListOptions<Value> {
  readonly key: string;
  readonly description: string;
  /** Converts a value that was written from outside as JSON. */
  readonly revive?: (value: Value, at: string) => Value;
  /** Returns the id by which repeated values are dropped, so that a state saved back whole does not count twice. */
  readonly idOf?: (value: Value) => string;
  /** Puts a value that is a change of an earlier one in its place; returns `undefined` for a new one. */
  readonly change?: (kept: readonly Value[], value: Value) => Value[] | undefined;
}

/** Length from which a list is remembered; a shorter one is read again as fast. */
const worthKeeping = 16;

/** Makes a list of the state to which every write is appended. */
export function appended<Item extends z.ZodType>(
  item: Item,
  { key, description, revive, idOf, change }: ListOptions<z.infer<Item>>,
) {
  type Value = z.infer<Item>;
  const list = z.array(item).default(() => []);
  /** Ids in the latest lists made here, whose entries can all be read: a step of many tasks writes to one list many times. */
  const idsOf = new WeakMap<readonly Value[], Set<string>>();

  function append(current: Value[], added: Value[]): Value[] {
    if (!Array.isArray(added)) return added; // the next node refuses it, where the thread shows why
    const before = Array.isArray(current) ? current : [];
    const known = idsOf.get(before);
    const all: Value[] = known === undefined ? before.filter((value) => isEntry(value, key)) : before.slice();
    const ids = known ?? new Set(idOf && all.map(idOf));
    const readable = added.map((value) => isEntry(value, key));
    const isNew = added.map((value, index) => !(readable[index] && idOf !== undefined && ids.has(idOf(value))));
    const result = added.reduce<Value[]>((values, value, index) => {
      if (!isNew[index]) return values;
      const changed = readable[index] ? change?.(values, value) : undefined;
      if (changed !== undefined) return changed;
      values.push(revive === undefined ? value : revived(value, key, revive));
      if (idOf !== undefined && readable[index]) ids.add(idOf(value));
      return values;
    }, all);
    if (known !== undefined) idsOf.delete(before); // its set goes on with the result
    if (result.length >= worthKeeping && readable.every(Boolean)) idsOf.set(result, ids);
    return result;
  }

  return new ReducedValue(list, {
    inputSchema: z.array(item),
    reducer: append,
    jsonSchemaExtra: { description },
  });
}
