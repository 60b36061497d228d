import { type BaseChannel, InvalidUpdateError } from "@langchain/langgraph";
import { errorCode } from "./graph-errors.js";

/** Channels of a state, by key. */
export type Channels = ReadonlyMap<string, BaseChannel>;

interface Writing {
  readonly writes: readonly (readonly [key: string, value: unknown])[];
}

/** Reads channels into a state; an empty one is left out. */
export function valuesOf(channels: Channels, keys: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of keys) {
    const channel = channels.get(key);
    if (channel?.isAvailable()) values[key] = channel.get();
  }
  return values;
}

/**
 * Applies the writes of a step, task by task.
 *
 * @throws {InvalidUpdateError} when two tasks have set one value
 */
export function applyWrites(channels: Channels, tasks: readonly Writing[]): void {
  const byKey = new Map<string, unknown[]>();
  for (const { writes } of tasks) {
    for (const [key, value] of writes) {
      const values = byKey.get(key);
      if (values === undefined) byKey.set(key, [value]);
      else values.push(value);
    }
  }
  for (const [key, values] of byKey) {
    try {
      channels.get(key)!.update(values);
    } catch (error) {
      if (!isInvalid(error)) throw error;
      const said = `Invalid update for channel "${key}" with values ${JSON.stringify(values)}: ${error.message}`;
      throw Object.assign(new InvalidUpdateError(said), { lc_error_code: errorCode(error) });
    }
  }
}

function isInvalid(error: unknown): error is Error {
  return (Object(error) as { readonly name?: unknown }).name === InvalidUpdateError.unminifiable_name;
}

/** Returns the channels as they are after the writes of one task. */
export function withWrites(channels: Channels, writes: Writing["writes"]): Channels {
  const written = [...new Set(writes.map(([key]) => key))].map((key) => {
    const channel = channels.get(key)!;
    return [key, channel.fromCheckpoint((channel.isAvailable() ? channel.checkpoint() : undefined) as never)] as const;
  });
  const own = new Map(written);
  applyWrites(own, [{ writes }]);
  return new Map([...channels, ...own]);
}
