import type { Decision } from "../state/decision.js";
import { BOX_TEXT, decisionFor, EDGE_TEXT, type Edge, labelLines, labelMarkup, titleMarkup } from "./edge-label.js";
import { links } from "./links.js";
import { levelOfIds, type Shape, shapeOf, titleOf } from "./shapes.js";
import { notXml, textWidth } from "./svg-text.js";
import { drawnOrder, wasTaken } from "./taken.js";

/** Nodes and edges of a graph, as returned by `getGraphAsync({ xray: true })`. */
export interface Drawing {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly edges: readonly Edge[];
}

/** Executed parts to highlight; a `Step` of `step` fits. */
export interface Highlight {
  /** Node ids in execution order; nested ones as `outer:inner`. */
  readonly visited?: readonly string[];
  /** Decisions that label the taken edges, with their scores and thresholds. */
  readonly decisions?: readonly Decision[];
  /** Id of the latest node, which is emphasized. */
  readonly node?: string;
  /** True if the latest node failed, so that the run ended there. @default false */
  readonly failed?: boolean;
}

// Palette of Okabe and Ito (2008), distinguishable by colour-blind readers.
const color = {
  ink: "#1f2933",
  faint: "#9aa5b1",
  taken: "#0072b2",
  now: "#e69f00",
  failed: "#d55e00",
  failedText: "#b54a00",
  decides: "#fff4e0",
  box: "#eef2f6",
  edge: "#52606d",
};
const NODE_TEXT = { size: 13 } as const;
const LARGE = 60;
const font = `fontname="Helvetica,Arial,sans-serif"`;
const preamble = [
  `graph [rankdir=TB, nodesep=0.3, ranksep=0.4, pad=0.2, bgcolor="white", ${font}, fontsize=${BOX_TEXT.size}, fontcolor="${color.ink}"]`,
  `node [shape=box, style="rounded,filled", fillcolor="white", color="${color.edge}", fontcolor="${color.ink}", ${font}, fontsize=${NODE_TEXT.size}, height=0.4]`,
  `edge [arrowsize=0.7, ${font}, fontsize=${EDGE_TEXT.size}, fontcolor="${color.taken}"]`,
];

type Attributes = Readonly<Record<string, string | number | boolean>>;

// Replaces characters that XML cannot hold, since Graphviz would copy them into the SVG.
const quoted = (text: string) => `"${text.replace(notXml, "\ufffd").replace(/[\\"]/g, "\\$&")}"`;

/**
 * Converts a graph to DOT: nested graphs in boxes, conditional edges dashed.
 *
 * @param whole the final state of the run; reserves space for its labels, so that nodes keep their place across pictures
 */
export function graphDot({ nodes, edges }: Drawing, highlight: Highlight = {}, whole: Highlight = highlight): string {
  const { visited = [], decisions = [], node, failed = false } = highlight;
  const ids = Object.keys(nodes);
  const order = drawnOrder(visited, ids);
  const paint: Paint = {
    ids,
    isColoured: visited.length > 0,
    ran: (id) => order.includes(id),
    isNow: (id) => id === node && (order.includes(id) || order.includes(`${id}:__end__`)),
    isFailed: (id) => failed && id === node,
    shape: (id) => shapeOf(id, edges),
  };
  const places = placesOf(edges, ids, whole);
  const lines = [...places].map(([edge, label]) => {
    const isTaken = wasTaken(edge, order, decisions);
    const isShown = isTaken && edge.conditional === true && decisionFor(edge, decisions) !== undefined;
    return `${quoted(edge.source)} -> ${quoted(edge.target)} [${attributes({
      style: edge.conditional ? "dashed" : "solid",
      color: isTaken ? color.taken : paint.isColoured ? color.faint : color.edge,
      penwidth: isTaken ? 2.2 : 1,
    })}${label.length === 0 ? "" : `, label=${labelMarkup(label, isShown)}`}]`;
  });
  const effort = places.size > LARGE ? ["graph [nslimit=1]"] : []; // limits the layout time of large graphs
  return ["digraph {", ...preamble, ...effort, ...boxes(paint), ...lines, "}"].join("\n");
}

/** Selects the edges to draw, with the lines of their labels. */
function placesOf(edges: readonly Edge[], ids: readonly string[], whole: Highlight): Map<Edge, readonly string[]> {
  const { visited = [], decisions = [] } = whole;
  const order = drawnOrder(visited, ids);
  const decided = (edge: Edge) => (edge.conditional ? decisionFor(edge, decisions) : undefined);
  const drawn = links(edges, (edge) => decided(edge) !== undefined || wasTaken(edge, order, decisions));
  const labels = new Map(
    drawn.map((edge) => {
      const decision = decided(edge);
      return [edge, decision === undefined ? [] : labelLines(decision)];
    }),
  );
  for (const [edge, lines] of labels) {
    const back = drawn.find(({ source, target }) => source === edge.target && target === edge.source);
    if (lines.length > 0 && back !== undefined && labels.get(back)!.length === 0) labels.set(back, [""]); // otherwise the two edges would overlap
  }
  return labels;
}

interface Paint {
  readonly ids: readonly string[];
  readonly isColoured: boolean;
  ran(id: string): boolean;
  isNow(id: string): boolean;
  isFailed(id: string): boolean;
  shape(id: string): Shape;
}

function boxes(paint: Paint, prefix = ""): string[] {
  const { own, nested } = levelOfIds(paint.ids, prefix);
  return [
    ...own.map((id) => `${quoted(id)} [${attributes(nodeStyle(id, paint))}]`),
    ...nested.flatMap((name) => [
      `subgraph ${quoted(`cluster_${prefix}${name}`)} {`,
      `label=${titleMarkup(name)}`,
      attributes({ labeljust: "l", style: "rounded,filled", fillcolor: color.box }, "\n"),
      attributes(
        paint.isNow(prefix + name) ? { color: color.now, penwidth: 2.2 } : { color: color.faint, penwidth: 1 },
        "\n",
      ),
      ...boxes(paint, `${prefix}${name}:`),
      "}",
    ]),
  ];
}

function nodeStyle(id: string, { ran, isNow, isFailed, isColoured, shape }: Paint): Attributes {
  const filled = isNow(id) ? color.now : color.taken;
  const label = titleOf(id);
  if (shape(id) === "end") {
    const paint = { fillcolor: ran(id) ? filled : "white", color: ran(id) ? filled : color.edge };
    if (id.includes(":")) return { label: "", shape: "circle", width: 0.14, height: 0.14, fixedsize: true, ...paint };
    return { label, shape: "oval", fontcolor: ran(id) ? "white" : color.ink, width: 0.8, ...paint };
  }
  const decides = shape(id) === "decision";
  const width = (textWidth(label, NODE_TEXT) + (decides ? 44 : 20)) / 72; // Graphviz uses inches of 72 units
  const outline: Attributes = decides ? { shape: "hexagon", style: "filled" } : {};
  const base: Attributes = { label, ...outline, width: Number(width.toFixed(2)) };
  if (isFailed(id)) {
    return { ...base, fillcolor: "white", color: color.failed, fontcolor: color.failedText, penwidth: 2.5 };
  }
  if (ran(id)) {
    return { ...base, fillcolor: filled, color: filled, fontcolor: isNow(id) ? color.ink : "white" };
  }
  const faded: Attributes = isColoured ? { color: color.faint, fontcolor: color.edge } : {};
  return { ...base, ...faded, fillcolor: decides ? color.decides : "white" };
}

function attributes(values: Attributes, separator = ", "): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === "string" ? quoted(value) : value}`)
    .join(separator);
}
