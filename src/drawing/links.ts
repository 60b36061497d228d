import type { Edge } from "./edge-label.js";
import { levelOf } from "./taken.js";

/**
 * Leaves out what a drawing of a long fallback chain need not show: of the edges from each model to all later ones the one to
 * the next stays, of those from the last back to all earlier ones the one to the first, and of those to a default response the one
 * from the last. Every model keeps its edge to the end.
 *
 * A chain of n models has about n²/2 edges, which is neither read nor laid out in any useful time.
 *
 * @param isKept what is drawn all the same: an edge that a run went along
 */
export function links(edges: readonly Edge[], isKept: (edge: Edge) => boolean): Edge[] {
  const left = new Set<Edge>();
  for (const chain of chains(edges)) {
    const places = new Map(chain.map((id, at) => [id, at]));
    for (const edge of edges) {
      const [from, to] = [places.get(leaves(edge)), places.get(reaches(edge))];
      if (from === undefined || !edge.conditional || edge.target.endsWith("__end__")) continue;
      const isLast = from === chain.length - 1;
      const stays = isLast ? to === 0 || to === undefined : to === from + 1;
      if (!stays) left.add(edge);
    }
  }
  return edges.filter((edge) => !left.has(edge) || isKept(edge));
}

// The edge of a model that is a graph begins or ends at a node inside it.
const leaves = (edge: Edge) => memberOf(edge, edge.source);
const reaches = (edge: Edge) => memberOf(edge, edge.target);

function memberOf(edge: Edge, id: string): string {
  const level = levelOf(edge);
  return level + id.slice(level.length).split(":")[0];
}

/** Every three or more nodes of which each has a conditional edge to all later ones, and the last to all earlier ones. */
function chains(edges: readonly Edge[]): string[][] {
  const aims = new Map<string, string[]>();
  for (const edge of edges) {
    if (edge.conditional) aims.set(leaves(edge), [...(aims.get(leaves(edge)) ?? []), reaches(edge)]);
  }
  const found: string[][] = [];
  for (const [first, later] of aims) {
    const chain = [first, ...later.filter((id) => aims.has(id))];
    const isPart = found.some((longer) => longer.includes(first));
    if (chain.length > 2 && !isPart && chain.every((id, at) => leadsOn(aims.get(id)!, chain, at))) found.push(chain);
  }
  return found;
}

function leadsOn(aims: readonly string[], chain: readonly string[], at: number): boolean {
  const inside = aims.filter((id) => chain.includes(id));
  const expected = at === chain.length - 1 ? chain.slice(0, at) : chain.slice(at + 1);
  return inside.length === expected.length && expected.every((id) => inside.includes(id));
}
