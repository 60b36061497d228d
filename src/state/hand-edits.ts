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
  if (isWhole) return { ...written, decisions: new Overwrite(added) };
  return added.length === 0 ? written : { ...written, decisions: added };
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
