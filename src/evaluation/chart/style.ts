import type { Box } from "./place-labels.js";

export const WIDTH = 900;
export const HEIGHT = 600;
/** Margin of text. */
export const EDGE = 24;
export const PLOT: Box = { x: 76, y: 116, width: WIDTH - 76 - EDGE, height: HEIGHT - 116 - 98 };

/** Okabe and Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/. */
export const COLOURS = { plain: "#0072B2", highlight: "#D55E00", frontier: "#009E73" } as const;

/** Colours on the chart's own white background, readable on light and dark pages. */
export const INK = {
  paper: "#FFFFFF",
  border: "#BDBDBD",
  grid: "#E8E8E8",
  axis: "#6B6B6B",
  text: "#1A1A1A",
  soft: "#4D4D4D",
} as const;

export const TITLE = { size: 20, bold: true } as const;
export const BODY = { size: 13 } as const;
export const SMALL = { size: 11 } as const;
export const LABEL = { size: 12 } as const;
