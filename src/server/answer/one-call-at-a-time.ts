import type { CallDelta } from "./tool-call-places.js";

/**
 * Orders the parts of parallel tool calls, for protocols that write one call after the other: parts of later calls wait until the
 * arguments of the current one are complete.
 */
export function oneCallAtATime() {
  let current: { readonly index: number; args: string } | undefined;
  let held: CallDelta[] = [];
  const take = (delta: CallDelta): boolean => {
    if (current !== undefined && delta.index !== current.index && !isComplete(current.args)) return false;
    if (current === undefined || delta.index !== current.index) current = { index: delta.index, args: "" };
    current.args += delta.args;
    return true;
  };
  return {
    next(deltas: readonly CallDelta[]): CallDelta[] {
      if (deltas.length === 0) return [];
      const ready: CallDelta[] = [];
      const waiting: CallDelta[] = [];
      for (const delta of [...held, ...deltas]) {
        const behind = waiting.some(({ index }) => index !== delta.index) && delta.index !== current?.index;
        if (!behind && !waiting.some(({ index }) => index === delta.index) && take(delta)) ready.push(delta);
        else waiting.push(delta);
      }
      held = waiting;
      return ready;
    },
    /** Returns what still waits, call by call. */
    end: (): CallDelta[] => held.toSorted((one, other) => one.index - other.index),
  };
}

function isComplete(args: string): boolean {
  try {
    JSON.parse(args);
    return true;
  } catch {
    return false;
  }
}
