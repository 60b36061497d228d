export interface TextStyle {
  /** Font size in pixels. */
  readonly size: number;
  /** @default false */
  readonly bold?: boolean;
}

/** Estimates a width in units of the font size, generously (DejaVu Sans), so that nothing is cut. */
function characterWidth(character: string): number {
  if (/[iIjl.,:;'|!()[\]/ ft-]/.test(character)) return 0.42;
  if (/[mwMW%@—…]/.test(character)) return 1;
  if (/[A-Z&+<>=~#]/.test(character)) return 0.84;
  if (/[\u0020-\u024f·–×≥≤]/.test(character)) return 0.65;
  return 1.1;
}

/** Estimates the width of a line, in pixels. */
export function textWidth(text: string, { size, bold = false }: TextStyle): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * size * (bold ? 1.12 : 1);
}

/** Wraps a text at spaces into lines of at most `width` pixels; a longer word stays whole. */
export function wrapText(text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Wraps like `wrapText`, but breaks long words and ends in "…" after `most` lines. */
export function fitText(text: string, width: number, style: TextStyle, most: number): string[] {
  if (textWidth(text, style) <= width) return text === "" ? [] : [text];
  const words = text.split(/\s+/).flatMap((word) => piecesOf(word, width, style));
  const lines = wrapText(words.join(" "), width, style);
  if (lines.length <= most) return lines;
  let last = `${lines[most - 1]}…`;
  while (textWidth(last, style) > width) last = `${[...last].slice(0, -2).join("")}…`;
  return [...lines.slice(0, most - 1), last];
}

/** Splits a word into fitting pieces, preferably after `/`, `-` and similar. */
function piecesOf(word: string, width: number, style: TextStyle): string[] {
  const pieces: string[] = [];
  for (const part of word.split(/(?<=[/\-_.:@])/)) {
    const longer = `${pieces.at(-1) ?? ""}${part}`;
    if (textWidth(longer, style) <= width) {
      pieces.splice(-1, 1, longer);
      continue;
    }
    pieces.push("");
    for (const character of part) {
      if (textWidth(pieces.at(-1)! + character, style) > width) pieces.push("");
      pieces[pieces.length - 1] += character;
    }
  }
  return pieces.filter(Boolean);
}

/** Characters that XML 1.0 cannot hold. */
export const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Escapes a text for XML content and attributes; drops characters that XML 1.0 cannot hold. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(notXml, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Attributes of a text line; `x` and `y` are the start of its baseline. */
export interface SvgTextOptions extends TextStyle {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  /** @default "start" */
  readonly anchor?: "start" | "middle" | "end";
  readonly className?: string;
  /** Colour of an outline that keeps text readable over lines. */
  readonly halo?: string;
}

export function svgText(text: string, options: SvgTextOptions): string {
  const { x, y, size, fill, bold, anchor = "start", className, halo } = options;
  const attributes = [
    `x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"`,
    ...(className ? [`class="${className}"`] : []),
    ...(bold ? ['font-weight="700"'] : []),
    ...(halo ? [`stroke="${halo}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"`] : []),
  ];
  return `<text ${attributes.join(" ")}>${escapeXml(text)}</text>`;
}
