import { InvalidOptionError, MissingPackageError } from "../errors/index.js";
import { placeBoxTitles } from "./box-titles.js";
import { centreLabels } from "./edge-label.js";
import { type Drawing, graphDot, type Highlight } from "./graph-dot.js";

/** A compiled graph, or a builder as the factories return it. */
export interface Drawable {
  getGraphAsync?(options: { xray: boolean }): Promise<unknown>;
  compile?(): unknown;
}

export interface DrawOptions extends Highlight {
  /** Opens nested graphs. @default true */
  readonly xray?: boolean;
}

/**
 * Draws a graph as SVG: nested patterns in boxes, conditional edges dashed, what ran coloured in.
 *
 * **When to use** - in a notebook after each step, in a report, in documentation; it needs neither a browser nor the network.
 * **Gotchas** - the optional package `@viz-js/viz` does the layout; the first picture loads it (about 50 ms).
 * Of a fallback chain the edges to the next model and to the end are drawn and one edge back, not all between any two models, and
 * whatever ran.
 *
 * @returns SVG text that begins with `<svg`, on a white ground that is readable in dark pages too
 * @example
 * ```ts
 * import { drawGraph } from "langgraph-multimodel/notebook";
 * const cascade = createCascade({ models: { small, large }, verify: judgeWith(large) });
 * const svg = await drawGraph(cascade, { visited: ["__start__", "small", "verifier", "__end__"] });
 * ```
 * @throws {InvalidOptionError} when `graph` is no graph
 * @throws {MissingPackageError} when `@viz-js/viz` is not installed
 */
export async function drawGraph(graph: Drawable, { xray = true, ...highlight }: DrawOptions = {}): Promise<string> {
  return renderDot(graphDot(await drawingOf(graph, "drawGraph", xray), highlight));
}

/** The nodes and edges of a graph; `caller` is named where it is none. */
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

/** Lays a graph out and draws it. */
export async function renderDot(dot: string): Promise<string> {
  viz ??= import("@viz-js/viz").then(
    ({ instance }) => instance(),
    (error) => {
      throw new MissingPackageError("drawGraph", ["@viz-js/viz"], error);
    },
  );
  const svg = (await viz).renderString(dot, { format: "svg" });
  return placeBoxTitles(centreLabels(svg.slice(svg.indexOf("<svg")))); // a prolog breaks `nbconvert --to html`
}
