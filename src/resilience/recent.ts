/** Maximum number of entries in a memory; beyond it, the least recently used one is dropped. */
const capacity = 10_000;

export function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  memory.delete(key);
  memory.set(key, value);
  if (memory.size > capacity) memory.delete(memory.keys().next().value!);
}
