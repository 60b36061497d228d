import type { Drawing } from "../drawing/graph-dot.js";
import { links } from "../drawing/links.js";
import { type Shape, shapeOf, titleOf } from "../drawing/shapes.js";
import { padRight, widthOf } from "./terminal/text-width.js";

/**
 * Writes a graph as lines, with the shapes and edges of the SVG: `[model]`, `<decision>`, `(start)`. Each node has its targets (`→` fixed,
 * `⇢` conditional), nested graphs are indented below their node.
 */
export function graphText({ nodes, edges }: Drawing): string[] {
  const drawn = links(edges, () => false);
  return level(Object.keys(nodes), drawn, "");
}

const outlines: Readonly<Record<Shape, readonly [string, string]>> = {
  end: ["(", ")"],
  decision: ["<", ">"],
  step: ["[", "]"],
};

function outlined(id: string, edges: Drawing["edges"]): string {
  const [open, close] = outlines[shapeOf(id, edges)];
  return `${open}${titleOf(id)}${close}`;
}

function level(ids: readonly string[], edges: Drawing["edges"], prefix: string): string[] {
  const inside = ids.filter((id) => id.startsWith(prefix));
  const nameIn = (id: string) => id.slice(prefix.length).split(":")[0]!;
  const names = inOrder([...new Set(inside.map(nameIn))], edgesIn(edges, prefix, nameIn)).filter(
    (name) => name !== "__end__",
  );
  const title = (name: string) => outlined(prefix + name, edges);
  const widest = Math.max(...names.map((name) => widthOf(title(name))));
  return names.flatMap((name) => {
    const leaving = edges.filter(({ source, target }) => {
      if (!source.startsWith(prefix) || !target.startsWith(prefix) || nameIn(source) !== name) return false;
      return nameIn(target) !== name || target.endsWith(":__start__"); // not an edge inside the nested graph
    });
    const to = (conditional: boolean) =>
      leaving.filter((edge) => (edge.conditional ?? false) === conditional).map(({ target }) => title(nameIn(target)));
    const arrows = [
      ["→", to(false)],
      ["⇢", to(true)],
    ] as const;
    const line = arrows.flatMap(([arrow, targets]) => (targets.length === 0 ? [] : [`${arrow} ${targets.join(", ")}`]));
    const within = inside.some((id) => id.startsWith(`${prefix}${name}:`))
      ? level(ids, edges, `${prefix}${name}:`)
      : [];
    return [`${padRight(title(name), widest)}  ${line.join("  ")}`.trimEnd(), ...within.map((each) => `    ${each}`)];
  });
}

type Step = readonly [from: string, to: string];

function edgesIn(edges: Drawing["edges"], prefix: string, nameIn: (id: string) => string): Step[] {
  const within = edges.filter(({ source, target }) => source.startsWith(prefix) && target.startsWith(prefix));
  return within.map(({ source, target }) => [nameIn(source), nameIn(target)]);
}

/** Sorts names in the order a run reaches them; unreachable ones last. */
function inOrder(names: readonly string[], steps: readonly Step[]): string[] {
  // LangGraph draws some nested graphs without their start point.
  const reached = new Set(
    names.filter((name) => name === "__start__" || !steps.some(([from, to]) => to === name && from !== name)),
  );
  for (const name of reached) for (const [from, to] of steps) if (from === name) reached.add(to);
  return [...new Set([...[...reached].filter((name) => names.includes(name)), ...names])];
}
