import { InvalidOptionError } from "../errors/index.js";
import { type Drawable, drawingOf, renderDot } from "./draw-graph.js";
import { fitWidth } from "./fit-width.js";
import { graphDot } from "./graph-dot.js";
import type { Step } from "./step.js";
import { fitText, svgText, type TextStyle } from "./svg-text.js";

export interface DrawStepsOptions {
  /** Shows the inside of nested graphs. @default true */
  readonly xray?: boolean;
  /** Maximum width of the picture, in pixels; what is wider in one piece is shown smaller. @default 860 */
  readonly width?: number;
}

const HEADING = { size: 13, bold: true } as const satisfies TextStyle;
const CAPTION = { size: 11 } as const satisfies TextStyle;
const INK = "#1f2933";
const SOFT = "#52606d";
const LINE = 15;
const GAP = 16;
const NARROWEST = 170;
const MOST_LINES = 4;

/**
 * Draws a run as one picture per step, side by side: executed nodes, decisions, and the reasons below.
 *
 * **When to use** - to show how a run proceeded, in a notebook or a report; `drawGraph` draws one moment.
 * **Gotchas** - nodes keep their place in all pictures, so collect all steps first.
 *
 * @returns SVG text that begins with `<svg`
 * @example
 * ```ts
 * import { drawSteps, step, type Step } from "langgraph-multimodel/notebook";
 * const cascade = createCascade({ models: { small, large }, verify: judgeWith(large) });
 * const steps: Step[] = [];
 * for await (const done of step(cascade, { messages: "Why is the sky blue?" })) steps.push(done);
 * const svg = await drawSteps(cascade, steps);
 * ```
 * @throws {InvalidOptionError} when there is no step, or `graph` is not a graph
 * @throws {MissingPackageError} when `@viz-js/viz` is not installed
 */
export async function drawSteps(
  graph: Drawable,
  steps: readonly Step[],
  { xray = true, width = 860 }: DrawStepsOptions = {},
): Promise<string> {
  checkSteps(steps);
  const drawing = await drawingOf(graph, "drawSteps", xray);
  const frames: Frame[] = [];
  for (const [index, done] of steps.entries()) {
    frames.push(
      frameOf(
        await renderDot(graphDot(drawing, done, steps.at(-1)!)),
        `${index + 1}  ${titleOf(done)}`,
        reasons(steps, index),
      ),
    );
  }
  return fitWidth(strip(rowsOf(frames, width)), width);
}

function checkSteps(steps: readonly Step[]): void {
  const expected = "give the steps of a run, as `step` gives them";
  if (!Array.isArray(steps) || steps.length === 0) throw new InvalidOptionError("drawSteps.steps", steps, expected);
  for (const [index, done] of steps.entries()) {
    const lists = [done?.visited, done?.decisions, done?.calls].map((list) => Array.isArray(list) && list);
    if (typeof done?.node !== "string" || lists.some((list) => !list || list.includes(null))) {
      throw new InvalidOptionError(`drawSteps.steps[${index}]`, done, expected);
    }
  }
}

interface Frame {
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly caption: readonly string[];
}

const titleOf = ({ node, interrupts }: Step) => (interrupts === undefined ? node.replaceAll(":", " › ") : "paused");

/** Lists the models this step called and what it decided. */
function reasons(steps: readonly Step[], index: number): string[] {
  const { calls, decisions, earlier } = steps[index]!;
  const before = index === 0 ? earlier : counted(steps[index - 1]!);
  const called = calls.slice(before?.calls ?? 0).map(({ model, error }) => {
    return error === undefined ? `asked ${model}` : `asked ${model}: ${error.class}`;
  });
  const decided = decisions.slice(before?.decisions ?? 0).map(({ kind, chosen, reason }) => {
    return `${kind === chosen ? kind : `${kind} ${chosen}`}: ${reason}`;
  });
  return [...called, ...decided];
}

const counted = ({ calls, decisions }: Step) => ({ calls: calls.length, decisions: decisions.length });

function frameOf(svg: string, title: string, why: readonly string[]): Frame {
  const [, width = 0, height = 0] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg)?.map(Number) ?? [];
  const frameWidth = Math.max(width, NARROWEST);
  const inner = svg.slice(svg.indexOf(">") + 1).replace(/ id="[^"]*"/g, ""); // ids would repeat in each picture
  const picture = `<svg x="${(frameWidth - width) / 2}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inner}`;
  const caption = why.flatMap((text) => fitText(text, frameWidth - GAP, CAPTION, MOST_LINES));
  return { picture, width: frameWidth, height, title, caption };
}

function rowsOf(frames: readonly Frame[], width: number): Frame[][] {
  const rows: Frame[][] = [[]];
  for (const frame of frames) {
    const row = rows.at(-1)!;
    if (row.length > 0 && widthOf([...row, frame]) > width) rows.push([frame]);
    else row.push(frame);
  }
  return rows;
}

const widthOf = (row: readonly Frame[]) => row.reduce((sum, frame) => sum + frame.width + GAP, GAP);

function strip(rows: readonly (readonly Frame[])[]): string {
  const parts: string[] = [];
  let y = GAP;
  for (const row of rows) {
    const picture = Math.max(...row.map(({ height }) => height));
    let x = GAP;
    for (const { picture: drawn, width, title, caption } of row) {
      const top = LINE + picture;
      parts.push(
        `<g transform="translate(${x} ${y})">`,
        svgText(fitText(title, width, HEADING, 1)[0]!, {
          x: width / 2,
          y: 11,
          fill: INK,
          anchor: "middle",
          ...HEADING,
        }),
        `<g transform="translate(0 ${LINE})">${drawn.trim()}</g>`,
        ...caption.map((line, index) =>
          svgText(line, { x: width / 2, y: top + (index + 1) * LINE - 4, fill: SOFT, anchor: "middle", ...CAPTION }),
        ),
        "</g>",
      );
      x += width + GAP;
    }
    y += LINE + picture + Math.max(...row.map(({ caption }) => caption.length)) * LINE + 1.5 * GAP;
  }
  const width = Math.ceil(Math.max(...rows.map(widthOf)));
  const height = Math.ceil(y);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica,Arial,sans-serif">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}
