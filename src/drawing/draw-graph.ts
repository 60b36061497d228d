import { InvalidOptionError, MissingPackageError } from "../errors/index.js";
import { placeBoxTitles } from "./box-titles.js";
import { inDark } from "./dark.js";
import { centreLabels } from "./edge-label.js";
import { fitWidth } from "./fit-width.js";
import { type Drawing, graphDot, type Highlight } from "./graph-dot.js";

/** A compiled graph, or a builder returned by a factory. */
export interface Drawable {
  getGraphAsync?(options: { xray: boolean }): Promise<unknown>;
  compile?(): unknown;
}

export interface DrawOptions extends Highlight {
  /** Shows the inside of nested graphs. @default true */
  readonly xray?: boolean;
  /** Colours for dark pages; the background is part of the picture. @default "light" */
  readonly theme?: Theme;
}

export type Theme = "light" | "dark";

/**
 * Draws a graph as SVG: nested patterns in boxes, conditional edges dashed, executed nodes and edges coloured.
 *
 * **When to use** - in a notebook after each step, in a report, in documentation; it needs neither a browser nor the network.
 * **Gotchas** - needs the optional package `@viz-js/viz`, which loads with the first picture (about 50 ms).
 * For a fallback chain, only edges to the next model, to the end, one back edge, and edges that ran are drawn.
 *
 * @returns SVG text that begins with `<svg`, at most 860 pixels wide, with a background of its own
 * @example
 * ```ts
 * import { drawGraph } from "langgraph-multimodel/notebook";
 * const cascade = createCascade({ models: { small, large }, verify: judgeWith(large) });
 * const svg = await drawGraph(cascade, { visited: ["__start__", "small", "verifier", "__end__"] });
 * ```
 * @throws {InvalidOptionError} when `graph` is not a graph, or `theme` is neither light nor dark
 * @throws {MissingPackageError} when `@viz-js/viz` is not installed
 */
export async function drawGraph(
  graph: Drawable,
  { xray = true, theme = "light", ...highlight }: DrawOptions = {},
): Promise<string> {
  checkTheme("drawGraph", theme);
  const svg = fitWidth(await renderDot(graphDot(await drawingOf(graph, "drawGraph", xray), highlight)));
  return theme === "dark" ? inDark(svg) : svg;
}

export function checkTheme(caller: string, theme: Theme): void {
  if (theme !== "light" && theme !== "dark")
    throw new InvalidOptionError(`${caller}.theme`, theme, 'give "light" or "dark"');
}

/** Returns nodes and edges of a graph; `caller` appears in the error. */
export async function drawingOf(graph: Drawable, caller: string, xray: boolean): Promise<Drawing> {
  const compiled = typeof graph?.compile === "function" ? (graph.compile() as Drawable) : graph;
  if (typeof compiled?.getGraphAsync === "function") return (await compiled.getGraphAsync({ xray })) as Drawing;
  throw new InvalidOptionError(
    `${caller}.graph`,
    graph,
    "give a graph of this package, or any compiled LangGraph graph",
  );
}

interface Viz {
  renderString(dot: string, options: { readonly format: string }): string;
}

let viz: Promise<Viz> | undefined;

export async function renderDot(dot: string): Promise<string> {
  viz ??= import("@viz-js/viz").then(
    ({ instance }) => instance(),
    (error) => {
      throw new MissingPackageError("drawGraph", ["@viz-js/viz"], error);
    },
  );
  const svg = (await viz).renderString(dot, { format: "svg" });
  return placeBoxTitles(centreLabels(svg.slice(svg.indexOf("<svg")))); // without the XML prolog, which breaks `nbconvert --to html`
}
