import { InvalidOptionError } from "../errors.js";
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
 *
 * @returns SVG text that begins with `<svg`, on a white ground that is readable in dark pages too
 * @example
 * ```ts
 * import { drawGraph } from "langgraph-multimodel/notebook";
 * const cascade = createCascade({ models: { small, large }, verify: judgeWith(large) });
 * const svg = await drawGraph(cascade, { visited: ["__start__", "small", "verifier", "__end__"] });
 * ```
 * @throws {InvalidOptionError} when `graph` is no graph, or `@viz-js/viz` is not installed
 */
export async function drawGraph(graph: Drawable, { xray = true, ...highlight }: DrawOptions = {}): Promise<string> {
  const compiled = typeof graph?.compile === "function" ? (graph.compile() as Drawable) : graph;
  if (typeof compiled?.getGraphAsync !== "function") {
    throw new InvalidOptionError(
      "drawGraph.graph",
      graph,
      "give a graph of this package, or any compiled LangGraph graph",
    );
  }
  const drawing = (await compiled.getGraphAsync({ xray })) as Drawing;
  return renderDot(graphDot(drawing, highlight));
}

interface Viz {
  renderString(dot: string, options: { readonly format: string }): string;
}

let viz: Promise<Viz> | undefined;

async function renderDot(dot: string): Promise<string> {
  viz ??= import("@viz-js/viz").then(
    ({ instance }) => instance(),
    () => {
      throw new InvalidOptionError("@viz-js/viz", undefined, "it lays graphs out: npm install @viz-js/viz");
    },
  );
  const svg = (await viz).renderString(dot, { format: "svg" });
  return svg.slice(svg.indexOf("<svg")); // a prolog breaks `nbconvert --to html`
}
