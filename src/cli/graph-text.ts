import type { Drawing } from "../drawing/graph-dot.js";
import { padRight, widthOf } from "./terminal/text-width.js";

/** Writes a graph as lines: each node with its targets (`→` fixed, `⇢` conditional), nested graphs indented below their node. */
export function graphText({ nodes, edges }: Drawing): string[] {
  return level(Object.keys(nodes), edges, "");
}

const shown: Readonly<Record<string, string>> = { __start__: "start", __end__: "end" };
const title = (name: string) => shown[name] ?? name;

function level(ids: readonly string[], edges: Drawing["edges"], prefix: string): string[] {
  const inside = ids.filter((id) => id.startsWith(prefix));
  const nameIn = (id: string) => id.slice(prefix.length).split(":")[0]!;
  const names = inOrder([...new Set(inside.map(nameIn))], edgesIn(edges, prefix, nameIn)).filter(
    (name) => name !== "__end__",
  );
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
  const reached = new Set(["__start__"]);
  for (const name of reached) for (const [from, to] of steps) if (from === name) reached.add(to);
  return [...new Set([...[...reached].filter((name) => names.includes(name)), ...names])];
}
