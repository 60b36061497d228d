import type { ModelCall } from "../ledger/model-call.js";

export const INK = "#1f2933";
export const SOFT = "#52606d";
export const PAPER = "#ffffff";
export const RULE = "#e8e8e8";
export const EDGE = "#bdbdbd";
/** Words about a failure. */
export const ALERT = "#b54a00";

export const NAME = { size: 12.5 } as const;
export const NOTE = { size: 11 } as const;

/** Colours of roles, which `inDark` has counterparts of. */
export const ROLES: Readonly<Record<ModelCall["role"], { readonly colour: string; readonly label: string }>> = {
  answer: { colour: "#0072b2", label: "answer" },
  router: { colour: "#009e73", label: "router" },
  judge: { colour: "#d98e04", label: "judge" },
  aggregator: { colour: "#b85c9e", label: "aggregator" },
  summary: { colour: "#56a3c9", label: "summary" },
  embedding: { colour: "#8895a3", label: "embedding" },
  shadow: { colour: "#b9a37e", label: "shadow" },
};

/** Places of the columns of a timeline, in pixels. */
export interface Layout {
  readonly width: number;
  readonly plot: { readonly left: number; readonly right: number };
  readonly names: { readonly left: number; readonly right: number };
  /** Right ends of the columns of duration and cost. */
  readonly time: number;
  readonly cost: number;
  readonly row: { readonly height: number; readonly text: number; readonly bar: number };
}

export const BAR = 12;
const MARGIN = 16;
const TIME = 70;
/** Below it, a bar stands under its name, not beside it. */
const NARROW = 560;

export function layoutFor(width: number, costWidth: number): Layout {
  const cost = width - MARGIN;
  const time = cost - costWidth - 14;
  if (width < NARROW) {
    const plot = { left: MARGIN, right: cost };
    return {
      width,
      plot,
      names: { left: MARGIN, right: time - TIME },
      time,
      cost,
      row: { height: 42, text: 14, bar: 20 },
    };
  }
  const names = { left: MARGIN, right: MARGIN + 0.27 * width };
  return {
    width,
    plot: { left: names.right + 12, right: time - TIME - 8 },
    names,
    time,
    cost,
    row: { height: 26, text: 17, bar: 7 },
  };
}
