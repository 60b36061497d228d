import { START } from "@langchain/langgraph";
import type { Drawable } from "../../drawing/draw-graph.js";
import { drawGraph, drawingOf } from "../../drawing/draw-graph.js";
import { drawnOrder, wasTaken } from "../../drawing/taken.js";
import type { Decision } from "../../state/decision.js";
import type { Served } from "../catalogue.js";

/** Parts of a drawn graph that a run reached, by the titles of its SVG. */
export interface Lit {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** A graph that is drawn once; runs light it up. */
export interface DrawnGraph {
  readonly svg: string;
  light(visited: readonly string[], decisions: readonly Decision[]): Lit;
}

/** Makes a function that draws each graph once. It resolves to `undefined` where `@viz-js/viz` is missing. */
export function drawnGraphs(): (served: Served) => Promise<DrawnGraph | undefined> {
  const drawn = new Map<string, Promise<DrawnGraph | undefined>>();
  return (served) => {
    const known = drawn.get(served.name) ?? draw(served.graph as Drawable).catch(() => undefined);
    drawn.set(served.name, known);
    return known;
  };
}

async function draw(graph: Drawable): Promise<DrawnGraph> {
  const svg = await drawGraph(graph);
  const { nodes, edges } = await drawingOf(graph, "createApp.ui", true);
  const ids = Object.keys(nodes);
  return {
    svg: svg.replace(/ id="[^"]*"/g, ""),
    light: (visited, decisions) => {
      const order = drawnOrder(visited.length === 0 ? [START] : visited, ids);
      const taken = edges.filter((edge) => wasTaken(edge, order, decisions));
      return { nodes: order, edges: taken.map(({ source, target }) => `${source}->${target}`) };
    },
  };
}
