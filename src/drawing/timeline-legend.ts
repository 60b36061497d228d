import type { ModelCall } from "../ledger/model-call.js";
import { svgText, textWidth } from "./svg-text.js";
import { readyAt } from "./timeline-rows.js";
import { BAR, type Layout, NOTE, PAPER, ROLES, SOFT } from "./timeline-style.js";

const LINE = 20;
const SWATCH = 16;

/** Explains the colours and marks that a timeline uses, and only those. */
export function drawLegend(
  calls: readonly ModelCall[],
  { plot, names, cost }: Layout,
  top: number,
): { parts: string[]; height: number } {
  const roles = Object.entries(ROLES).filter(([role]) => calls.some((call) => call.role === role));
  const has = (...statuses: readonly ModelCall["status"][]) => calls.some(({ status }) => statuses.includes(status));
  const entries = [
    ...roles.map(([, { colour, label }]) => ({
      label,
      mark: (x: number, y: number) => rect(x, y, `fill="${colour}"`),
    })),
    ...(calls.some(({ timeToFirstTokenMs }) => timeToFirstTokenMs !== undefined)
      ? [{ label: "first token", mark: firstToken }]
      : []),
    ...(calls.some((call) => readyAt(call) < call.startedAt) ? [{ label: "waiting", mark: waiting }] : []),
    ...(has("error", "timeout", "cancelled") ? [{ label: "failed or cancelled", mark: hatched }] : []),
    ...(has("cached")
      ? [
          {
            label: "from a cache",
            mark: (x: number, y: number) => rect(x, y, `fill="${PAPER}" stroke="${SOFT}" stroke-width="1.2"`),
          },
        ]
      : []),
  ];
  if (entries.length === 0) return { parts: [], height: 0 };
  let [x, y] = [names.left, top + 6];
  const parts = entries.flatMap(({ label, mark }) => {
    const width = SWATCH + 6 + textWidth(label, NOTE) + 12;
    if (x + width > Math.max(cost, plot.right) && x > names.left) [x, y] = [names.left, y + LINE];
    const drawn = [mark(x, y), svgText(label, { ...NOTE, x: x + SWATCH + 6, y: y + BAR - 2.5, fill: SOFT })];
    x += width;
    return drawn;
  });
  return { parts, height: y + LINE + 4 - top };
}

const rect = (x: number, y: number, attributes: string) =>
  `<rect x="${x.toFixed(1)}" y="${y}" width="${SWATCH}" height="${BAR - 2}" rx="2" ${attributes}/>`;

function firstToken(x: number, y: number): string {
  const at = x + SWATCH / 2;
  return [
    rect(x, y, `fill="${SOFT}" fill-opacity="0.35"`),
    `<path d="M${at.toFixed(1)} ${y - 2}v${BAR + 2}" stroke="${SOFT}" stroke-width="1.8"/>`,
  ].join("");
}

function waiting(x: number, y: number): string {
  return `<path d="M${x.toFixed(1)} ${y}v${BAR - 2}M${x.toFixed(1)} ${y + BAR / 2 - 1}h${SWATCH}" stroke="${SOFT}" stroke-width="1" stroke-dasharray="2 3" fill="none"/>`;
}

function hatched(x: number, y: number): string {
  const lines = [3, 8, 13].map((at) => `M${(x + at - 2).toFixed(1)} ${y + BAR - 2}l4 ${2 - BAR}`).join("");
  return `${rect(x, y, `fill="${SOFT}" fill-opacity="0.14" stroke="${SOFT}" stroke-width="1"`)}<path d="${lines}" stroke="${SOFT}" stroke-width="1.2" fill="none"/>`;
}
