import type { Decision } from "../state/decision.js";
import { textWidth } from "./chart/svg-text.js";
import { decisionFor, decisionsOf, EDGE_TEXT, type Edge, isEnd, labelLines, labelMarkup } from "./edge-label.js";

/** The nodes and edges of a graph, as `getGraphAsync({ xray: true })` gives them. */
export interface Drawing {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly edges: readonly Edge[];
}

/** What is coloured in; each `Step` of `step` is one. */
export interface Highlight {
  /** Ids of nodes in the order they ran; of a nested node `outer:inner`. */
  readonly visited?: readonly string[];
  /** Labels the edges that were taken: what was decided, and the score against its threshold. */
  readonly decisions?: readonly Decision[];
  /** Id of the node that ran last; it stands out. */
  readonly node?: string;
}

// The palette of Okabe and Ito (2008), which colour-blind readers can tell apart.
const color = {
  ink: "#1f2933",
  faint: "#9aa5b1",
  taken: "#0072b2",
  now: "#e69f00",
  decides: "#fff4e0",
  box: "#eef2f6",
  edge: "#52606d",
};
const NODE_TEXT = { size: 13 } as const;
const font = `fontname="Helvetica,Arial,sans-serif"`;
const preamble = [
  `graph [rankdir=TB, nodesep=0.3, ranksep=0.4, pad=0.2, bgcolor="white", ${font}, fontsize=12, fontcolor="${color.ink}"]`,
  `node [shape=box, style="rounded,filled", fillcolor="white", color="${color.edge}", fontcolor="${color.ink}", ${font}, fontsize=${NODE_TEXT.size}, height=0.4]`,
  `edge [arrowsize=0.7, ${font}, fontsize=${EDGE_TEXT.size}, fontcolor="${color.taken}"]`,
];

type Attributes = Readonly<Record<string, string | number | boolean>>;

const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
const nameOf = (id: string) => id.slice(id.lastIndexOf(":") + 1);

/**
 * Writes a graph in the language of Graphviz: nested graphs in boxes, conditional edges dashed.
 *
 * @param reserved decisions whose labels have their place, whether they are made yet or not: it keeps the nodes of several
 * pictures of one run where they are
 */
export function graphDot(drawing: Drawing, highlight: Highlight = {}, reserved = highlight.decisions ?? []): string {
  const { visited = [], decisions = [], node } = highlight;
  const ids = Object.keys(drawing.nodes);
  const order = drawnOrder(visited, ids);
  const now = order.findLast((id) => id === node || id === `${node}:__end__`);
  const paint: Paint = {
    ids,
    isColoured: visited.length > 0,
    ran: (id) => order.includes(id),
    isNow: (id) => id === now,
    forks: (id) => drawing.edges.some(({ source, conditional }) => source === id && conditional === true),
  };
  const edges = drawing.edges.map((edge) => {
    const made = decisionFor(edge, decisions);
    const isNext =
      made !== undefined && edge.source === order.at(-1) && made === decisionsOf(edge.source, decisions).at(-1);
    const isTaken = isNext || wasTaken(edge, order);
    const lines = edge.conditional ? labelLines(decisionFor(edge, reserved) ?? noDecision) : [];
    return `${quoted(edge.source)} -> ${quoted(edge.target)} [${attributes({
      style: edge.conditional ? "dashed" : "solid",
      color: isTaken ? color.taken : paint.isColoured ? color.faint : color.edge,
      penwidth: isTaken ? 2.2 : 1,
    })}${lines.length === 0 ? "" : `, label=${labelMarkup(lines, isTaken && made !== undefined)}`}]`;
  });
  return ["digraph {", ...preamble, ...boxes(paint), ...edges, "}"].join("\n");
}

const noDecision: Decision = { node: "", kind: "route", chosen: "", reason: "" };

/** What decides how a node looks. */
interface Paint {
  readonly ids: readonly string[];
  readonly isColoured: boolean;
  ran(id: string): boolean;
  isNow(id: string): boolean;
  forks(id: string): boolean;
}

/** The nodes of a graph and, in a box each, those of the graphs inside it. */
function boxes(paint: Paint, prefix = ""): string[] {
  const inside = paint.ids.filter((id) => id.startsWith(prefix));
  const own = inside.filter((id) => !id.slice(prefix.length).includes(":"));
  const nested = new Set(inside.flatMap((id) => (own.includes(id) ? [] : [id.slice(prefix.length).split(":")[0]!])));
  return [
    ...own.map((id) => `${quoted(id)} [${attributes(nodeStyle(id, paint))}]`),
    ...[...nested].flatMap((name) => [
      `subgraph ${quoted(`cluster_${prefix}${name}`)} {`,
      attributes(
        { label: name, labeljust: "l", style: "rounded,filled", fillcolor: color.box, color: color.faint },
        "\n",
      ),
      ...boxes(paint, `${prefix}${name}:`),
      "}",
    ]),
  ];
}

function nodeStyle(id: string, { ran, isNow, isColoured, forks }: Paint): Attributes {
  const filled = isNow(id) ? color.now : color.taken;
  if (isEnd(id)) {
    const paint = { fillcolor: ran(id) ? filled : "white", color: ran(id) ? filled : color.edge };
    if (id.includes(":")) return { label: "", shape: "circle", width: 0.14, height: 0.14, fixedsize: true, ...paint };
    const label = id === "__start__" ? "start" : "end";
    return { label, shape: "oval", fontcolor: ran(id) ? "white" : color.ink, width: 0.8, ...paint };
  }
  const label = nameOf(id);
  const decides =
    /^(fan_out|aggregator|reduce)$/.test(label) || (/^(router|verifier|assignment|plan)$/.test(label) && forks(id));
  const width = (textWidth(label, NODE_TEXT) + (decides ? 44 : 20)) / 72; // Graphviz counts in inches, 72 units each
  const shape: Attributes = decides ? { shape: "hexagon", style: "filled" } : {};
  const base: Attributes = { label, ...shape, width: Number(width.toFixed(2)) };
  if (ran(id)) {
    return { ...base, fillcolor: filled, color: filled, fontcolor: isNow(id) ? color.ink : "white" };
  }
  const faded: Attributes = isColoured ? { color: color.faint, fontcolor: color.edge } : {};
  return { ...base, ...faded, fillcolor: decides ? color.decides : "white" };
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
function wasTaken({ source, target, conditional }: Edge, order: readonly string[]): boolean {
  if (!order.includes(source) || !order.includes(target)) return false;
  return !conditional || order.some((id, index) => id === source && order[index + 1] === target);
}

function attributes(values: Attributes, separator = ", "): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === "string" ? quoted(value) : value}`)
    .join(separator);
}
