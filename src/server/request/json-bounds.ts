/** What a JSON text may hold. */
export interface JsonBounds {
  /** Levels of lists and objects. */
  readonly depth: number;
  /** Items of each list of the body itself (`messages`, `tools`), and of all lists inside each of them together (parts, calls). */
  readonly items: number;
  /** Items and fields of all of it. */
  readonly values: number;
}

/** Deeper than schemas and conversations are, and not so deep that a reader further on runs out of stack. */
const depth = 100;

/** Values a message, a part and a tool have on average, at most. */
const each = 10;

/** The bounds of a request with so many messages, parts and tools. */
export function boundsOf(items: number): JsonBounds {
  return { depth, items, values: items * each };
}

/** What is too much in a JSON text. */
export interface Excess {
  /** Field of the body it is in, where it is in one of its lists. */
  readonly field?: string;
  readonly message: string;
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/**
 * Finds what exceeds the bounds, in one walk over the text that keeps nothing of it: `JSON.parse` would have built all of it first.
 * A text that is no JSON is walked through all the same; the parser says what is wrong with it.
 */
export function excessOf(text: string, { depth, items, values }: JsonBounds): Excess | undefined {
  const lists: boolean[] = [];
  let all = 0;
  let own = 0; // items of the list of the body that is open
  let inner = 0; // items of the lists inside it
  let name = ""; // of the field of the body
  let begun = -1; // of a text that may be the name of a field of the body
  let ended = -1;
  let empty = true; // no value yet in what was opened last
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
      if (lists.length === depth) return { message: "The body is nested too deep" };
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

/** Characters of a field's name that are shown. */
const longestName = 40;
