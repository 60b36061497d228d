import type { Edge } from "./edge-label.js";
import { levelOf } from "./taken.js";

/**
 * Drops redundant edges of fallback chains, whose n²/2 edges could neither be read nor laid out in reasonable time. Keeps the
 * edge from each model to the next and to the end, from the last to the first, and from the last to a default response.
 *
 * @param isKept keeps an edge anyway, such as one a run took
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

// The edge of a nested graph begins or ends at an inner node.
const leaves = (edge: Edge) => memberOf(edge, edge.source);
const reaches = (edge: Edge) => memberOf(edge, edge.target);

function memberOf(edge: Edge, id: string): string {
  const level = levelOf(edge);
  return level + id.slice(level.length).split(":")[0];
}

/**
 * Finds chains of three or more nodes: conditional edges lead from each to all later ones, and from the last to all earlier ones.
 */
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
