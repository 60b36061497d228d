import {
  CAPTION,
  captionOf,
  type Frame,
  GAP,
  HEADING,
  heading,
  INK,
  LINE,
  openFrame,
  SOFT,
  sheet,
} from "./step-frame.js";
import { fitText, svgText } from "./svg-text.js";

const SECONDS = 1.6;
/** Seconds the last frame stays longer. */
const REST = 2;
const LIST = 320;
const NARROWEST_LIST = 220;

/**
 * Draws frames one over the other, played by CSS, beside a list of all steps in which the current one is dark. Without animation the last
 * frame and the whole list are shown, so nothing is lost in print, in PNG, or where less motion is preferred.
 */
export function player(frames: readonly Frame[], most: number): string {
  const drawn = {
    width: Math.max(...frames.map(({ width }) => width)),
    height: Math.max(...frames.map(({ height }) => height)),
  };
  const beside = most - drawn.width - 3 * GAP >= NARROWEST_LIST;
  const listWidth = beside
    ? Math.min(LIST, most - drawn.width - 3 * GAP)
    : Math.max(drawn.width, Math.min(LIST, most - 2 * GAP));
  const left = beside ? 2 * GAP + drawn.width : GAP;
  const top = beside ? GAP : 1.5 * GAP + LINE + drawn.height;
  const middle = beside ? drawn.width / 2 : Math.max(drawn.width, listWidth) / 2;
  const parts: string[] = [stylesheet(frames.length)];
  let y = top;
  for (const [index, frame] of frames.entries()) {
    const lines = captionOf(frame, listWidth);
    const isLast = index === frames.length - 1;
    parts.push(
      openFrame(frame, `transform="translate(${GAP} ${GAP})"`),
      `<g class="${nameOf("frame", index, frames.length)}"${isLast ? "" : ' opacity="0"'}>`,
      heading(frame.title, Math.max(drawn.width, listWidth), { x: middle, y: 11 }),
      `<g transform="translate(${middle - frame.width / 2} ${LINE})">${frame.picture}</g>`,
      "</g>",
      `<g class="${nameOf("item", index, frames.length)}" transform="translate(${left - GAP} ${y - GAP})">`,
      svgText(fitText(frame.title, listWidth, HEADING, 1)[0]!, { x: 0, y: 11, fill: INK, ...HEADING }),
      ...lines.map((line, at) => svgText(line, { x: 0, y: 11 + (at + 1) * LINE, fill: SOFT, ...CAPTION })),
      "</g>",
      "</g>",
    );
    y += (lines.length + 1) * LINE + GAP / 2;
  }
  const width = beside ? 3 * GAP + drawn.width + listWidth : 2 * GAP + Math.max(drawn.width, listWidth);
  const height = Math.max(y, 2 * GAP + LINE + drawn.height);
  return sheet(parts, frames, { width: Math.ceil(width), height: Math.ceil(height) });
}

/** Names an animation after all it depends on, so that pictures in one page cannot change one another's. */
const nameOf = (what: string, index: number, count: number) => `${what}-${index + 1}-of-${count}`;

function stylesheet(count: number): string {
  const duration = count * SECONDS + REST;
  const percent = (index: number) => `${((100 * index * SECONDS) / duration).toFixed(3)}%`;
  const rules = Array.from({ length: count }, (_, index) => {
    const until = index === count - 1 ? "100%" : percent(index + 1);
    return (["frame", "item"] as const).map((what) => {
      const name = nameOf(what, index, count);
      const off = `opacity:${what === "frame" ? 0 : 0.35}`;
      const begin = index === 0 ? "" : `0%{${off}}`;
      const end = index === count - 1 ? "" : `${until}{${off}}`;
      return `@keyframes ${name}{${begin}${percent(index)}{opacity:1}${end}100%{${index === count - 1 ? "opacity:1" : off}}}
.${name}{animation:${name} ${duration.toFixed(1)}s step-end infinite}`;
    });
  });
  return `<style>@media (prefers-reduced-motion:no-preference){\n${rules.flat().join("\n")}\n}</style>`;
}
