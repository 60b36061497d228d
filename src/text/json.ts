import { withoutThoughts } from "./thoughts.js";

/** A JSON text in an answer. */
interface Found {
  readonly value: unknown;
  /** Its text, exactly as written. */
  readonly source: string;
}

/**
 * Parses the JSON in an answer, also in a code fence or amid text; thoughts are ignored. Of several, the last that `fits` counts, since
 * examples and drafts come first; if none fits, the last one. Returns `undefined` for an answer without JSON.
 */
export function parseJson(text: string, fits: (value: unknown) => boolean = () => true): unknown {
  const found = jsonIn(text);
  return (found.find(({ value }) => fits(value)) ?? found[0])?.value;
}

export function findJson(text: string): Found | undefined {
  return jsonIn(text)[0];
}

/** Returns the JSON texts in an answer: the last one first, but what holds no record (`[1]`, `"no"`) or nothing at all behind the others. */
export function jsonIn(text: string): readonly Found[] {
  const said = withoutThoughts(text);
  const whole = parsed(said);
  if (whole !== undefined) return [whole];
  const found = [...fencedWords(said), ...parts(said)].reverse();
  return found.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ value }: Found): number {
  if (typeof value !== "object" || value === null) return 2;
  if (Object.keys(value).length === 0) return 3;
  const holdsRecord = !Array.isArray(value) || value.some((item) => typeof item === "object" && item !== null);
  return holdsRecord ? 0 : 1;
}

function parsed(source: string): Found | undefined {
  try {
    return source.trim() === "" ? undefined : { value: JSON.parse(source), source: source.trim() };
  } catch {
    return undefined;
  }
}

/** Finds fenced texts, numbers and words of JSON; objects and lists are found with or without a fence. */
function fencedWords(text: string): Found[] {
  const fences = text.matchAll(/```(?:json)?[^\S\n]*\n([^`[{]*)```/gi);
  return [...fences].flatMap(([, inside = ""]) => parsed(inside) ?? []);
}

/** Number of times a text may be read in search of brackets that close, since each one that does not costs a pass to its end. */
const MAX_PASSES = 50;

/** Finds the objects and lists in a text that are in no other one. */
function parts(text: string): Found[] {
  const found: Found[] = [];
  const opener = /[[{]/g;
  for (let left = MAX_PASSES * text.length; left > 0; ) {
    const start = opener.exec(text)?.index;
    if (start === undefined) break;
    const source = untilClosed()(text.slice(start));
    left -= source.length;
    const part = parsed(source);
    if (part === undefined) continue;
    found.push(part);
    opener.lastIndex = start + source.length;
  }
  return found;
}

/** Passes a text on, piece by piece, up to the bracket that closes its first one. */
export function untilClosed(): (piece: string) => string {
  let depth = 0;
  let place: "outside" | "text" | "escape" | "behind" = "outside";
  return (piece) => {
    if (place === "behind") return "";
    for (let index = 0; index < piece.length; index++) {
      const sign = piece[index];
      if (place === "escape") place = "text";
      else if (place === "text") place = sign === "\\" ? "escape" : sign === '"' ? "outside" : "text";
      else if (sign === '"') place = "text";
      else if (sign === "{" || sign === "[") depth++;
      else if ((sign === "}" || sign === "]") && --depth === 0) {
        place = "behind";
        return piece.slice(0, index + 1);
      }
    }
    return piece;
  };
}
