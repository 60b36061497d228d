/** JSON in an answer, with or without a code fence around it, the longest there is; `undefined` where there is none. */
export function parseJson(text: string): unknown {
  return findJson(text)?.value;
}

/** JSON in an answer, and the text it is written as. */
export function findJson(text: string): { readonly value: unknown; readonly source: string } | undefined {
  const fenced = /```(?:json)?[^\S\n]*\n([^`]*(?:`{1,2}[^`]+)*)```/i.exec(text)?.[1];
  const thought = text.lastIndexOf("</think>");
  for (const source of [text, fenced]) {
    const value = parsed(source);
    if (value !== undefined) return { value, source: source!.trim() };
  }
  return quoted(thought < 0 ? text : text.slice(thought));
}

function parsed(source: string | undefined): unknown {
  try {
    return source?.trim() ? JSON.parse(source) : undefined;
  } catch {
    return undefined;
  }
}

/** Openers that are tried: each costs a walk over the text. */
const TRIED = 50;

/** The longest object or list in a text of which it is a part, the last of equals. */
function quoted(text: string): ReturnType<typeof findJson> {
  let best: ReturnType<typeof findJson>;
  let from = 0;
  for (let tries = 0; tries < TRIED; tries++) {
    const start = text.slice(from).search(/[[{]/) + from;
    if (start < from) break;
    const source = untilClosed()(text.slice(start));
    const value = parsed(source);
    if (value !== undefined && source.length >= (best?.source.length ?? 0)) best = { value, source };
    from = start + (value === undefined ? 1 : source.length);
  }
  return best;
}

/** Hands a text on, piece by piece, up to the bracket that closes its first one. */
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
