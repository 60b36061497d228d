import type { Decision } from "../state/decision.js";
import { decisionFor, decisionsOf, type Edge } from "./edge-label.js";

/** Converts executed nodes to drawn ones: an opened nested graph appears as its start and end points. */
export function drawnOrder(visited: readonly string[], ids: readonly string[]): string[] {
  const order: string[] = [];
  const begun = new Set<string>();
  for (const id of visited) {
    const parts = id.split(":").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const inside = `${parts.slice(0, depth).join(":")}:`;
      if (!begun.has(inside)) order.push(`${inside}__start__`);
      begun.add(inside);
    }
    begun.delete(`${id}:`);
    order.push(ids.includes(id) ? id : `${id}:__end__`);
  }
  return order.filter((id) => ids.includes(id));
}

/** Returns true when a run took an edge or is about to: both ends ran, and of a fork, it was decided or its target ran next. */
export function wasTaken(edge: Edge, order: readonly string[], decisions: readonly Decision[]): boolean {
  const { source, target, conditional } = edge;
  const decided = conditional === true ? decisionFor(edge, decisions) : undefined;
  const level = levelOf(edge);
  // Parallel lanes interleave, and LangGraph draws some nested graphs without start and end points.
  const beside = order.filter((id) => id === source || id === target || isOn(level, id));
  if (decided !== undefined && beside.at(-1) === source && decided === decisionsOf(source, decisions).at(-1))
    return true;
  if (!order.includes(source) || !order.includes(target)) return false;
  return !conditional || decided !== undefined || beside.some((id, at) => id === source && beside[at + 1] === target);
}

/** Returns the prefix of the graph that contains an edge: "" or `outer:`. */
export function levelOf({ source, target }: Edge): string {
  const [from, to] = [source.split(":"), target.split(":")];
  const shared = from.findIndex((part, depth) => depth === from.length - 1 || part !== to[depth]);
  return from
    .slice(0, shared)
    .map((part) => `${part}:`)
    .join("");
}

/** Returns true for a node of this graph, or a start or end point of a directly nested one. */
function isOn(level: string, id: string): boolean {
  return id.startsWith(level) && /^[^:]+(:__(start|end)__)?$/.test(id.slice(level.length));
}
