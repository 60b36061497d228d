/** A text inside a value, with its field name and those of its holders, the nearest first. */
export interface TextWithin {
  readonly name: string;
  readonly text: string;
  readonly holders: readonly string[];
}

/** Maximum number of objects read, and maximum depth. */
const most = { objects: 3_000, depth: 12 };

/** Prefix of this library's own symbols, whose values hold no secrets. */
const ours = "langgraph-multimodel.";

interface Opened {
  readonly value: object;
  readonly holders: readonly string[];
}

/**
 * Finds all texts inside a value breadth-first, including hidden fields, symbols and bytes. Does not call getters or read functions.
 *
 * @returns true when everything was read
 */
export function* textsWithin(root: unknown): Generator<TextWithin, boolean> {
  if (typeof root === "string") yield { name: "", text: root, holders: [] };
  if (typeof root !== "object" || root === null) return true;
  const seen = new Set<object>([root]);
  const queue: Opened[] = [{ value: root, holders: [] }];
  let whole = true;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { value, holders } = next;
    for (const [name, part] of partsOf(value, holders[0] ?? "")) {
      const text = ArrayBuffer.isView(part) ? textOfBytes(part) : part;
      if (typeof text === "string") yield { name, text, holders };
      if (typeof part !== "object" || part === null || seen.has(part) || ArrayBuffer.isView(part)) continue;
      if (seen.size >= most.objects || holders.length >= most.depth) whole = false;
      else queue.push({ value: part, holders: [name, ...holders] });
      seen.add(part);
    }
  }
  return whole;
}

/** Maximum bytes that are read as text, which a key may be kept as. */
const mostBytes = 4_096;

/** Decodes bytes that are text. */
function textOfBytes(bytes: ArrayBufferView): string | undefined {
  if (bytes.byteLength > mostBytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes as Uint8Array);
  } catch {
    return undefined;
  }
}

/** Returns named parts of an object; list items get the list's name, and a pair of strings is a name with its value. */
function partsOf(value: object, name: string): readonly (readonly [string, unknown])[] {
  try {
    if (value instanceof URL) return [[name, value.href]];
    if (value instanceof Map || isHeaders(value)) return [...value].map(([key, part]) => [String(key), part]);
    if (value instanceof Set) return [...value].map((part) => [name, part]);
    if (Array.isArray(value)) {
      const [key, text] = value;
      if (value.length === 2 && typeof key === "string" && typeof text === "string") return [[key, text]];
      return value.slice(0, most.objects).map((part) => [name, part]);
    }
    const fields = Object.entries(Object.getOwnPropertyDescriptors(value)).map(
      ([key, field]) => [key, field.value] as const,
    );
    const symbols = Object.getOwnPropertySymbols(value).filter(({ description }) => !description?.startsWith(ours));
    const marks = symbols.map((mark) => {
      return [mark.description ?? "", Object.getOwnPropertyDescriptor(value, mark)?.value] as const;
    });
    return [...fields, ...marks];
  } catch {
    return []; // a proxy that throws
  }
}

function isHeaders(value: object): value is Headers | URLSearchParams {
  return value instanceof Headers || value instanceof URLSearchParams;
}
