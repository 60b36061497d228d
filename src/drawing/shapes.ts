import { type Edge, isEnd } from "./edge-label.js";

/** What a node is in every drawing: a start or end point, a decision (hexagon), or a step (box). */
export type Shape = "end" | "decision" | "step";

/** Returns the shape of a node; a router or verifier from which no choice leads on is a step like others. */
export function shapeOf(id: string, edges: readonly Edge[]): Shape {
  if (isEnd(id)) return "end";
  const name = nameOf(id);
  if (/^(fan_out|aggregator|reduce)$/.test(name)) return "decision";
  const forks = edges.some(({ source, conditional }) => source === id && conditional === true);
  return forks && /^(router|verifier|assignment|plan)$/.test(name) ? "decision" : "step";
}

/** Returns the title of a node: its name without the graphs around it. */
export function titleOf(id: string): string {
  const name = nameOf(id);
  return isEnd(id) ? name.replaceAll("_", "") : name;
}

export const nameOf = (id: string) => id.slice(id.lastIndexOf(":") + 1);

/** Groups the ids of one level: its own nodes, and the names of nested graphs. */
export function levelOfIds(
  ids: readonly string[],
  prefix: string,
): { readonly own: string[]; readonly nested: string[] } {
  const inside = ids.filter((id) => id.startsWith(prefix));
  const own = inside.filter((id) => !id.slice(prefix.length).includes(":"));
  const nested = inside.flatMap((id) => (own.includes(id) ? [] : [id.slice(prefix.length).split(":")[0]!]));
  return { own, nested: [...new Set(nested)] };
}
