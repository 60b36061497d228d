/**
 * Collects the texts, numbers and keys within a value, at any depth, for a reader that looks for something in them. An object with
 * behaviour, such as a client, is read as it writes itself, and not opened.
 */
export function stringsOf(value: unknown): string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const left: unknown[] = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (typeof each === "string") found.push(each);
    else if (typeof each === "number" || typeof each === "bigint") found.push(String(each));
    else if (typeof each === "object" && each !== null && !seen.has(each)) {
      seen.add(each);
      left.push(...partsOf(each).toReversed());
    }
  }
  return found;
}

function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map || value instanceof Set) return [...value];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return Object.entries(value).flat();
  const { toJSON } = value as { readonly toJSON?: unknown };
  try {
    return [typeof toJSON === "function" ? toJSON.call(value) : String(value)];
  } catch {
    return [];
  }
}
