import type { Step } from "./step.js";
import { escapeXml, fitText, svgText, type TextStyle } from "./svg-text.js";

/** One step of a run, drawn, with what it called and decided. */
export interface Frame {
  readonly node: string;
  /** SVG of the graph. */
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Models this step called, one each, then its decisions with their reasons. */
  readonly reasons: readonly string[];
  /** Number of calls of this step. */
  readonly calls: number;
}

export const HEADING = { size: 13, bold: true } as const satisfies TextStyle;
export const CAPTION = { size: 11 } as const satisfies TextStyle;
export const INK = "#1f2933";
export const SOFT = "#52606d";
export const LINE = 15;
export const GAP = 16;
const NARROWEST = 170;
const MOST_LINES = 4;

/** Draws a frame of step `index` from the SVG of its graph. */
export function frameOf(svg: string, steps: readonly Step[], index: number): Frame {
  const [, width = 0, height = 0] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg)?.map(Number) ?? [];
  const frameWidth = Math.max(width, NARROWEST);
  const inner = svg.slice(svg.indexOf(">") + 1).replace(/ id="[^"]*"/g, ""); // ids would repeat in each picture
  const picture = `<svg x="${(frameWidth - width) / 2}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inner}`;
  const { node, interrupts, failed } = steps[index]!;
  const name = interrupts === undefined ? node.replaceAll(":", " › ") : "paused";
  const { called, decided } = ofStep(steps, index);
  const reasons = [...called, ...decided];
  const title = `${index + 1}  ${name}${failed === true ? " failed" : ""}`;
  return { node, picture: picture.trim(), width: frameWidth, height, title, reasons, calls: called.length };
}

/** Lists the models a step called and what it decided. */
function ofStep(steps: readonly Step[], index: number) {
  const { calls, decisions, earlier } = steps[index]!;
  const before = index === 0 ? earlier : counted(steps[index - 1]!);
  const called = calls.slice(before?.calls ?? 0).map(({ model, error }) => {
    return error === undefined ? `asked ${model}` : `asked ${model}: ${error.class}`;
  });
  const decided = decisions.slice(before?.decisions ?? 0).map(({ kind, chosen, reason }) => {
    return `${kind === chosen ? kind : `${kind} ${chosen}`}: ${reason}`;
  });
  return { called, decided };
}

const counted = ({ calls, decisions }: Step) => ({ calls: calls.length, decisions: decisions.length });

/** Wraps the reasons of a frame, each to a few lines. */
export function captionOf({ reasons }: Frame, width: number): string[] {
  return reasons.flatMap((text) => fitText(text, width, CAPTION, MOST_LINES));
}

export function heading(text: string, width: number, place: { readonly x: number; readonly y: number }): string {
  return svgText(fitText(text, width, HEADING, 1)[0]!, { ...place, fill: INK, anchor: "middle", ...HEADING });
}

/** Opens the group of a frame; its data says to programs what its caption says to readers. */
export function openFrame({ node, calls }: Frame, attributes: string): string {
  return `<g class="step" data-node="${escapeXml(node)}" data-calls="${calls}" ${attributes}>`;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Wraps the parts of a picture of steps in SVG, with a white background for dark pages. */
export function sheet(parts: readonly string[], frames: readonly Frame[], { width, height }: Size): string {
  const calls = frames.reduce((sum, frame) => sum + frame.calls, 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica,Arial,sans-serif" data-calls="${calls}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}
