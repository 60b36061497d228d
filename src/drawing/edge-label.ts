import { type Decision, nothingLeft } from "../state/decision.js";
import { escapeXml, textWidth } from "./svg-text.js";

export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly conditional?: boolean;
}

export const EDGE_TEXT = { size: 11 } as const;
export const BOX_TEXT = { size: 12 } as const;
const LINE = 14;
const GAP = 6;

/** Finds the latest decision of the source node that led along this edge. */
export function decisionFor({ source, target }: Edge, decisions: readonly Decision[]): Decision | undefined {
  const aim = target.split(":");
  const judges = /(^|:)verifier$/.test(source); // a verifier's `accept` ends the run and names the model; elsewhere it names the next node
  return decisionsOf(source, decisions).findLast(({ kind, chosen }) =>
    kind === "accept" && judges ? isEnd(target) : chosen === aim.at(-1) || chosen === aim.at(-2),
  );
}

/** Returns the decisions of a node about the next node, in order. */
export function decisionsOf(id: string, decisions: readonly Decision[]): Decision[] {
  const asides: readonly string[] = ["skip", "edit", "hedge", "score"];
  return decisions.filter(({ node, kind }) => node === id.replaceAll(":", "/") && !asides.includes(kind));
}

/** Returns the lines of an edge label: the kind or label of the decision, and its score against the threshold. */
export function labelLines({ kind, label, scores, threshold, reason }: Decision): string[] {
  const score = threshold === undefined ? undefined : Object.values(scores ?? {}).at(-1);
  const compared =
    score === undefined ? [] : [`${round(score)} ${score >= threshold! ? "≥" : "<"} ${round(threshold!)}`];
  const failed = kind === "accept" && reason.startsWith(nothingLeft);
  const word = label ?? (failed ? "not passed" : kind);
  return word === "route" && compared.length === 0 ? [] : [word, ...compared]; // the arrow alone shows the choice
}

/** Formats a label for Graphviz, with a background and beside the edge; a hidden label only reserves its space. */
export function labelMarkup(lines: readonly string[], shown: boolean): string {
  const width = Math.ceil(Math.max(0, ...lines.map((line) => textWidth(line, EDGE_TEXT))) + 6);
  const height = lines.length * LINE + 2;
  const ground = cell(shown ? lines.map(escapeXml).join("<BR/>") : "", { width, height, filled: shown });
  return table(`${cell("", { width: GAP, height })}${ground}`);
}

/** Formats a box title, with space on both sides of an edge that enters in the middle. */
export function titleMarkup(title: string): string {
  const width = 2 * Math.ceil(textWidth(title, BOX_TEXT) + 2 * GAP);
  return table(cell(escapeXml(title), { width, height: LINE + 2 }));
}

const table = (cells: string) => `<<TABLE BORDER="0" CELLPADDING="0" CELLSPACING="0"><TR>${cells}</TR></TABLE>>`;

function cell(
  text: string,
  size: { readonly width: number; readonly height: number; readonly filled?: boolean },
): string {
  const ground = size.filled ? ' BGCOLOR="white"' : "";
  return `<TD WIDTH="${size.width}" HEIGHT="${size.height}" FIXEDSIZE="TRUE"${ground}>${text}</TD>`;
}

/** Centres label lines, which Graphviz aligns left by the widths of its own font. */
export function centreLabels(svg: string): string {
  const ground =
    /(<polygon fill="white" stroke="none" points="([-\d.]+),\S+ \S+ ([-\d.]+),[^"]*"\/>\n)((?:<text .*\n)+)/g;
  return svg.replace(ground, (_whole, polygon: string, left: string, right: string, texts: string) => {
    const middle = ((Number(left) + Number(right)) / 2).toFixed(2);
    return polygon + texts.replace(/text-anchor="start" x="[-\d.]+"/g, `text-anchor="middle" x="${middle}"`);
  });
}

/** Returns true for the start or end node of a graph or nested graph. */
export const isEnd = (id: string) => /(^|:)__(start|end)__$/.test(id);

const round = (value: number) => String(Math.round(value * 100) / 100);
