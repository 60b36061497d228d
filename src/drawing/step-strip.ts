import { CAPTION, captionOf, type Frame, GAP, heading, LINE, openFrame, SOFT, sheet } from "./step-frame.js";
import { svgText } from "./svg-text.js";

/** Draws frames side by side, in rows of at most `most` pixels, with the reasons of each below it. */
export function strip(frames: readonly Frame[], most: number): string {
  const rows = rowsOf(frames, most);
  const parts: string[] = [];
  let y = GAP;
  for (const row of rows) {
    const drawn = Math.max(...row.map(({ height }) => height));
    const captions = row.map((frame) => captionOf(frame, frame.width - GAP));
    let x = GAP;
    for (const [index, frame] of row.entries()) {
      const { picture, width, title } = frame;
      const top = LINE + drawn;
      parts.push(
        openFrame(frame, `transform="translate(${x} ${y})"`),
        heading(title, width, { x: width / 2, y: 11 }),
        `<g transform="translate(0 ${LINE})">${picture}</g>`,
        ...captions[index]!.map((line, at) =>
          svgText(line, { x: width / 2, y: top + (at + 1) * LINE - 4, fill: SOFT, anchor: "middle", ...CAPTION }),
        ),
        "</g>",
      );
      x += width + GAP;
    }
    y += LINE + drawn + Math.max(...captions.map(({ length }) => length)) * LINE + 1.5 * GAP;
  }
  return sheet(parts, frames, { width: Math.ceil(Math.max(...rows.map(widthOf))), height: Math.ceil(y) });
}

function rowsOf(frames: readonly Frame[], most: number): Frame[][] {
  const rows: Frame[][] = [[]];
  for (const frame of frames) {
    const row = rows.at(-1)!;
    if (row.length > 0 && widthOf([...row, frame]) > most) rows.push([frame]);
    else row.push(frame);
  }
  return rows;
}

const widthOf = (row: readonly Frame[]) => row.reduce((sum, frame) => sum + frame.width + GAP, GAP);
