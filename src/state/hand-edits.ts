import { isBaseMessage } from "@langchain/core/messages";
import { Overwrite } from "@langchain/langgraph";
import { isPlain, isSame } from "../text/is-same.js";
import type { Decision } from "./decision.js";

type Values = Readonly<Record<string, unknown>>;

/**
 * Adds one decision to an update of a waiting run for each key that it changes, so that the run's record shows what a person did.
 * What is sent back as it was counts as no change, and decisions that are sent back are not added twice.
 */
export function withHandEdits(update: unknown, before: Values, asNode: string | undefined): unknown {
  if (!isPlain(update) || Array.isArray(update)) return update;
  const { decisions = [], ...written } = update;
  const [given, isWhole] = unwrapped(decisions);
  if (!Array.isArray(given)) return update; // the next node refuses it
  const node = asNode ?? "updateState";
  const edits = Object.entries(written).flatMap(([key, value]) => editOf(key, before[key], value, node));
  const known = isWhole ? [] : entriesOf(before.decisions);
  const added = [...given.filter((decision) => !known.some((each) => isSameValue(each, decision))), ...edits];
  const kept = Object.fromEntries(Object.entries(written).flatMap(([key, value]) => sentBack(key, value, before[key])));
  if (isWhole) return { ...kept, decisions: new Overwrite(added) };
  return added.length === 0 ? kept : { ...kept, decisions: added };
}

/** Lists to which an update adds. */
const lists: ReadonlySet<string> = new Set(["candidates", "outputs", "failures"]);

/**
 * Returns what an update writes to a key. A list that is sent back whole, as editors of a state do, replaces the one that is there, or
 * is left out if it is the same; otherwise its entries would be there twice.
 */
function sentBack(key: string, value: unknown, before: unknown): [string, unknown][] {
  const known = entriesOf(before);
  if (!lists.has(key) || !Array.isArray(value) || known.length === 0 || value.length < known.length)
    return [[key, value]];
  const sameAt = known.map((entry, index) => isSameValue(entry, value[index]));
  if (!sameAt.includes(true) || !known.every((entry, index) => nameOf(entry) === nameOf(value[index])))
    return [[key, value]];
  return value.length === known.length && !sameAt.includes(false) ? [] : [[key, new Overwrite(value)]];
}

/** Returns the state of a thread after an update, as far as edits behind it need it. */
export function withUpdate(before: Values, update: unknown): Values {
  if (!isPlain(update)) return before;
  const after = Object.entries(update).map(([key, written]) => {
    const [value, isWhole] = unwrapped(written);
    const adds = !isWhole && Array.isArray(value) && Array.isArray(before[key]);
    return [key, adds ? [...(before[key] as unknown[]), ...value] : value] as const;
  });
  return { ...before, ...Object.fromEntries(after) };
}

function editOf(key: string, before: unknown, after: unknown, node: string): Decision[] {
  const [value, isWhole] = unwrapped(after);
  if (!Array.isArray(before) || !Array.isArray(value)) {
    if (isSameValue(before ?? null, value ?? null)) return [];
    const isRoute = key === "route" && typeof value === "string";
    return [edit(node, isRoute ? { kind: "route", chosen: value } : { kind: "edit", chosen: key }, key)];
  }
  const changed = value.filter((entry) => !before.some((known) => isSameValue(known, entry)));
  const left = isWhole ? before.filter((entry) => !value.some((kept) => nameOf(kept) === nameOf(entry))) : [];
  const names = [...changed, ...left].flatMap((entry) => nameOf(entry) ?? []);
  if (changed.length + left.length === 0) return [];
  return [
    edit(
      node,
      { kind: "edit", chosen: names.at(-1) ?? key },
      names.length === 0 ? key : `${key} (${names.join(", ")})`,
    ),
  ];
}

function edit(node: string, what: Pick<Decision, "kind" | "chosen">, where: string): Decision {
  return { node, ...what, reason: `changed by hand: ${where}`, byHand: true };
}

/** Returns the name of a candidate or failure, or the stage of an output. */
function nameOf(entry: unknown): string | undefined {
  const { name, stage, type } = Object(entry) as Values;
  const found = name ?? stage;
  return typeof found === "string" && type === undefined ? found : undefined;
}

function entriesOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** Returns the value an `Overwrite` holds, also one that came as JSON, and whether it is one. */
function unwrapped(written: unknown): readonly [value: unknown, isWhole: boolean] {
  if (isPlain(written) && "__overwrite__" in written) return [written.__overwrite__, true];
  return Overwrite.isInstance(written) ? [written.value, true] : [written, false];
}

/** True for values that are the same to a reader: of messages the content and tool calls count, and null is as good as unset. */
function isSameValue(one: unknown, other: unknown): boolean {
  return isSame(read(one), read(other));
}

function read(value: unknown): unknown {
  if (isBaseMessage(value)) return readMessage(value as object as Values);
  if (Array.isArray(value)) return value.map(read);
  if (!isPlain(value)) return value ?? undefined;
  const { kwargs = value } = value; // a serialized message
  if (isPlain(kwargs) && "content" in kwargs) return readMessage(kwargs);
  const { steps: _steps, ...fields } = value;
  return Object.fromEntries(Object.entries(fields).flatMap(([key, each]) => (each == null ? [] : [[key, read(each)]])));
}

function readMessage({ content, tool_calls: calls }: Values): unknown {
  const called = entriesOf(calls).map((call) => (Object(call) as Values).args);
  return called.length === 0 ? content : { content, called };
}
