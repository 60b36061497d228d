import { InvalidOptionError } from "../errors/index.js";
import { inDark } from "./dark.js";
import { checkTheme, type Drawable, drawingOf, renderDot, type Theme } from "./draw-graph.js";
import { fitWidth } from "./fit-width.js";
import { graphDot } from "./graph-dot.js";
import type { Step } from "./step.js";
import { type Frame, frameOf } from "./step-frame.js";
import { player } from "./step-player.js";
import { strip } from "./step-strip.js";

export interface DrawStepsOptions {
  /** Shows the inside of nested graphs. @default true */
  readonly xray?: boolean;
  /** Maximum width of the picture, in pixels; what is wider in one piece is shown smaller. @default 860 */
  readonly width?: number;
  /** Plays the steps one after the other, over and over, beside a list of all of them; in an `<img>` too, without a script. @default false */
  readonly animate?: boolean;
  /** Colours for dark pages; the background is part of the picture. @default "light" */
  readonly theme?: Theme;
}

/**
 * Draws a run as one picture per step, side by side: executed nodes, decisions, and the reasons below.
 *
 * **When to use** - to show how a run proceeded, in a notebook or a report; `drawGraph` draws one moment.
 * **Gotchas** - nodes keep their place in all pictures, so collect all steps first. With `animate`, a reader who prefers less motion, a
 * printer and `toPng` get the last picture with the list of all steps.
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
  { xray = true, width = 860, animate = false, theme = "light" }: DrawStepsOptions = {},
): Promise<string> {
  checkSteps(steps);
  checkTheme("drawSteps", theme);
  const drawing = await drawingOf(graph, "drawSteps", xray);
  const frames: Frame[] = [];
  for (const [index, done] of steps.entries()) {
    frames.push(frameOf(await renderDot(graphDot(drawing, done, steps.at(-1)!)), steps, index));
  }
  const svg = fitWidth(animate ? player(frames, width) : strip(frames, width), width);
  return theme === "dark" ? inDark(svg) : svg;
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
