/** Parses the JSON in an answer, also in a code fence or amid text; returns `undefined` if there is none. */
export function parseJson(text: string): unknown {
  return findJson(text)?.value;
}

export function findJson(text: string): { readonly value: unknown; readonly source: string } | undefined {
  const fenced = /```(?:json)?[^\S\n]*\n([^`]*(?:`{1,2}[^`]+)*)```/i.exec(text)?.[1];
  const thought = text.lastIndexOf("</think>");
  for (const source of [text, fenced]) {
    const value = tryParse(source);
    if (value !== undefined) return { value, source: source!.trim() };
  }
  return longestPart(thought < 0 ? text : text.slice(thought));
}

function tryParse(source: string | undefined): unknown {
  try {
    return source?.trim() ? JSON.parse(source) : undefined;
  } catch {
    return undefined;
  }
}

/** Maximum number of opening brackets tried, since each costs a pass over the text. */
const MAX_OPENERS = 50;

/** Finds the longest object or list within a text, the last of equals. */
function longestPart(text: string): ReturnType<typeof findJson> {
  let best: ReturnType<typeof findJson>;
  let from = 0;
  for (let tries = 0; tries < MAX_OPENERS; tries++) {
    const start = text.slice(from).search(/[[{]/) + from;
    if (start < from) break;
    const source = untilClosed()(text.slice(start));
    const value = tryParse(source);
    if (value !== undefined && source.length >= (best?.source.length ?? 0)) best = { value, source };
    from = start + (value === undefined ? 1 : source.length);
  }
  return best;
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
