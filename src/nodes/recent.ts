/** Entries a memory of this process holds; the one used longest ago goes first. */
const capacity = 10_000;

/** Puts an entry into a memory, as the one used last. */
export function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  memory.delete(key);
  memory.set(key, value);
  if (memory.size > capacity) memory.delete(memory.keys().next().value!);
}
