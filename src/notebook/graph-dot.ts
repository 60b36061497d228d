import type { Decision } from "../state/decision.js";

/** The nodes and edges of a graph, as `getGraphAsync({ xray: true })` gives them. */
export interface Drawing {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly edges: readonly { readonly source: string; readonly target: string; readonly conditional?: boolean }[];
}

/** What is coloured in. */
export interface Highlight {
  /** Ids of nodes in the order they ran; of a nested node `outer:inner`. */
  readonly visited?: readonly string[];
  /** Labels the edges that were taken: what was decided, and the score against its threshold. */
  readonly decisions?: readonly Decision[];
}

// The palette of Okabe and Ito (2008), which colour-blind readers can tell apart.
const color = {
  ink: "#1f2933",
  faint: "#9aa5b1",
  taken: "#0072b2",
  decides: "#fff4e0",
  box: "#eef2f6",
  edge: "#52606d",
};
const deciding = /^(router|verifier|aggregator|assign|fan_out|plan|reduce)$/;

type Attributes = Readonly<Record<string, string | number | boolean>>;

const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
const nameOf = (id: string) => id.slice(id.lastIndexOf(":") + 1);
const isEnd = (id: string) => /(^|:)__(start|end)__$/.test(id);

/** Writes a graph in the language of Graphviz: nested graphs in boxes, conditional edges dashed. */
export function graphDot({ nodes, edges }: Drawing, { visited = [], decisions = [] }: Highlight = {}): string {
  const ids = Object.keys(nodes);
  const order = drawnOrder(visited, ids);
  const ran = (id: string) => order.includes(id);
  const lines = edges.map((edge) => {
    const taken = isTaken(edge, order);
    const label = taken && edge.conditional ? labelOf(edge, decisions) : undefined;
    return `${quoted(edge.source)} -> ${quoted(edge.target)} [${attributes({
      style: edge.conditional ? "dashed" : "solid",
      color: taken ? color.taken : visited.length > 0 ? color.faint : color.edge,
      penwidth: taken ? 2.2 : 1,
      ...(label && { label: `   ${label}   `, fontcolor: color.taken }),
    })}]`;
  });
  return [
    "digraph {",
    `graph [rankdir=TB, nodesep=0.35, ranksep=0.45, pad=0.3, bgcolor="white", fontname="Helvetica,Arial,sans-serif", fontsize=12]`,
    `node [shape=box, style="rounded,filled", fillcolor="white", color="${color.edge}", fontcolor="${color.ink}", fontname="Helvetica,Arial,sans-serif", fontsize=13, margin="0.18,0.08", height=0.4]`,
    `edge [arrowsize=0.7, fontname="Helvetica,Arial,sans-serif", fontsize=11]`,
    ...boxes(ids, ran, visited.length > 0),
    ...lines,
    "}",
  ].join("\n");
}

/** The nodes of a graph and, in a box each, those of the graphs inside it. */
function boxes(ids: readonly string[], ran: (id: string) => boolean, coloured: boolean, prefix = ""): string[] {
  const inside = ids.filter((id) => id.startsWith(prefix));
  const own = inside.filter((id) => !id.slice(prefix.length).includes(":"));
  const nested = new Set(inside.flatMap((id) => (own.includes(id) ? [] : [id.slice(prefix.length).split(":")[0]!])));
  return [
    ...own.map((id) => `${quoted(id)} [${attributes(nodeStyle(id, ran(id), coloured))}]`),
    ...[...nested].flatMap((name) => [
      `subgraph ${quoted(`cluster_${prefix}${name}`)} {`,
      attributes(
        { label: name, labeljust: "l", style: "rounded,filled", fillcolor: color.box, color: color.faint },
        "\n",
      ),
      ...boxes(ids, ran, coloured, `${prefix}${name}:`),
      "}",
    ]),
  ];
}

function nodeStyle(id: string, ran: boolean, coloured: boolean): Attributes {
  if (isEnd(id)) {
    const paint = { fillcolor: ran ? color.taken : "white", color: ran ? color.taken : color.edge };
    if (id.includes(":")) return { label: "", shape: "circle", width: 0.14, height: 0.14, fixedsize: true, ...paint };
    const label = id === "__start__" ? "start" : "end";
    return { label, shape: "oval", fontcolor: ran ? "white" : color.ink, ...paint };
  }
  const label = nameOf(id);
  const decides = deciding.test(label);
  const shape: Attributes = decides ? { shape: "hexagon", style: "filled" } : {};
  if (ran) return { label, ...shape, fillcolor: color.taken, color: color.taken, fontcolor: "white" };
  const paint: Attributes = coloured ? { color: color.faint, fontcolor: color.edge } : {};
  return { label, ...shape, ...paint, fillcolor: decides ? color.decides : "white" };
}

/**
 * The nodes that ran as the drawing has them: a nested graph begins and ends in points of its own, and is no node itself
 * where it is opened.
 */
function drawnOrder(visited: readonly string[], ids: readonly string[]): string[] {
  const order: string[] = [];
  for (const id of visited) {
    const parts = id.split(":").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const inside = `${parts.slice(0, depth).join(":")}:`;
      if (!order.at(-1)?.startsWith(inside)) order.push(`${inside}__start__`);
    }
    order.push(ids.includes(id) ? id : `${id}:__end__`);
  }
  return order.filter((id) => ids.includes(id));
}

/** An edge was taken when both of its ends ran; of a fork only the branch that ran next. */
function isTaken({ source, target, conditional }: Drawing["edges"][number], order: readonly string[]): boolean {
  if (!order.includes(source) || !order.includes(target)) return false;
  return !conditional || order.some((id, index) => id === source && order[index + 1] === target);
}

function labelOf({ source, target }: Drawing["edges"][number], decisions: readonly Decision[]): string | undefined {
  const path = source.replaceAll(":", "/");
  const aim = nameOf(target);
  const outer = target.includes(":") ? target.split(":").at(-2) : undefined;
  const decision = decisions.findLast(
    ({ node, kind, chosen }) =>
      node === path && (kind === "accept" ? isEnd(target) : kind !== "skip" && (chosen === aim || chosen === outer)),
  );
  if (decision === undefined) return undefined;
  const { kind, scores, threshold, label } = decision;
  const score = threshold === undefined ? undefined : Object.values(scores ?? {}).at(-1);
  const against = score === undefined ? "" : ` ${round(score)} ${score >= threshold! ? "≥" : "<"} ${round(threshold!)}`;
  return label ?? `${kind}${against}`;
}

const round = (value: number) => String(Math.round(value * 100) / 100);

function attributes(values: Attributes, separator = ", "): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === "string" ? quoted(value) : value}`)
    .join(separator);
}
