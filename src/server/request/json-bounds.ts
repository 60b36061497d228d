export interface JsonBounds {
  readonly depth: number;
  /** Maximum items of each top-level list (`messages`, `tools`), and of all lists inside one of them together (parts, calls). */
  readonly items: number;
  /** Maximum items and fields in total. */
  readonly values: number;
}

/** More than schemas and conversations need, but safe for the stack of recursive readers. */
const depth = 100;

/** Average values allowed for each message, part or tool. */
const valuesPerItem = 10;

export function boundsOf(items: number): JsonBounds {
  return { depth, items, values: items * valuesPerItem };
}

export interface Excess {
  /** Top-level field, when a list exceeds the limit. */
  readonly field?: string;
  readonly message: string;
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/**
 * Finds the first exceeded limit by scanning the text, because `JSON.parse` would first build everything in memory. Invalid JSON
 * is scanned too; the parser reports it later.
 */
export function excessOf(text: string, { depth, items, values }: JsonBounds): Excess | undefined {
  const lists: boolean[] = [];
  let all = 0;
  let own = 0; // items of the open top-level list
  let inner = 0; // items of the lists inside it
  let name = ""; // of the top-level field
  let begun = -1; // bounds of the last string, maybe a field name
  let ended = -1;
  let empty = true; // true until the open list or object has a value
  const count = (): Excess | undefined => {
    const level = lists.length;
    if (++all > values) return { message: `The body has more than ${values} values` };
    if (level < 2 || !lists[level - 1] || !lists[1]) return undefined;
    if (level === 2 ? ++own <= items : ++inner <= items) return undefined;
    const what = level === 2 ? "items" : "parts";
    return { field: name, message: `${name || "The body"} has more than ${items} ${what}` };
  };
  for (let index = 0; index < text.length; index++) {
    const sign = text.charCodeAt(index);
    if (sign <= 32) continue;
    const closes = sign === closeList || sign === closeObject;
    if (empty && !closes && lists.length > 0) {
      empty = false;
      const excess = count();
      if (excess !== undefined) return excess;
    }
    if (sign === quote) {
      begun = index + 1;
      for (index++; index < text.length && text.charCodeAt(index) !== quote; index++) {
        if (text.charCodeAt(index) === backslash) index++;
      }
      ended = index;
    } else if (sign === colon) {
      if (lists.length === 1) name = text.slice(begun, Math.min(ended, begun + longestName));
    } else if (sign === comma) {
      const excess = count();
      if (excess !== undefined) return excess;
    } else if (sign === openList || sign === openObject) {
      if (lists.length === depth) return { message: `The body has more than ${depth} levels` };
      lists.push(sign === openList);
      if (lists.length === 2) own = inner = 0;
      empty = true;
    } else if (closes) {
      lists.pop();
      empty = false;
    }
  }
  return undefined;
}

const longestName = 40;
