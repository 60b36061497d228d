import { escapeXml, svgText } from "../drawing/svg-text.js";
import { inOrder, quantileOf } from "../ledger/quantile.js";
import { type Html, html, raw } from "./html.js";

const WIDTH = 420;
const HEIGHT = 148;
const TOP = 26;
const BOTTOM = 122;
const BINS = 28;
const INK = "#1f2933";
const SOFT = "#52606d";

/**
 * Draws how values are distributed, with their median and 95th percentile. Values above the 99th percentile share the last bar, so that
 * one of them does not press all others together.
 */
export function histogram(
  name: string,
  values: readonly number[],
  format: (value: number) => string,
): Html | undefined {
  if (values.length < 2) return undefined;
  const sorted = inOrder(values);
  const [low, high] = [sorted[0]!, quantileOf(sorted, 0.99)];
  const { part, from, isLog } = axisOf(low, high, quantileOf(sorted, 0.5));
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of sorted) counts[Math.min(BINS - 1, Math.floor(part(value) * BINS))]!++;
  const most = Math.max(...counts);
  const width = WIDTH / BINS;
  const bars = counts.map((count, bin) => {
    if (count === 0) return "";
    const height = Math.max(1.5, (count / most) * (BOTTOM - TOP));
    const title = `${count} from ${format(from(bin / BINS))}`;
    return `<rect x="${(bin * width + 0.75).toFixed(1)}" y="${(BOTTOM - height).toFixed(1)}" width="${(width - 1.5).toFixed(1)}" height="${height.toFixed(1)}" rx="1.5" fill="#0072b2"><title>${escapeXml(title)}</title></rect>`;
  });
  const [median, p95] = [quantileOf(sorted, 0.5), quantileOf(sorted, 0.95)];
  const at = (value: number) => Math.min(1, part(value)) * WIDTH;
  const mark = (label: string, value: number, y: number) => {
    const x = at(value);
    const end = x > WIDTH / 2;
    return [
      `<path d="M${x.toFixed(1)} ${y + 4}V${BOTTOM}" stroke="${INK}" stroke-width="1" stroke-dasharray="2 2"/>`,
      svgText(`${label} ${format(value)}`, {
        size: 11.5,
        x: x + (end ? -4 : 4),
        y: y + 4,
        fill: INK,
        anchor: end ? "end" : "start",
        halo: "#ffffff",
      }),
    ].join("");
  };
  const ends = [
    svgText(format(low), { size: 11, x: 0, y: BOTTOM + 16, fill: SOFT }),
    svgText(`${sorted.at(-1)! > high ? "≥ " : ""}${format(high)}`, {
      size: 11,
      x: WIDTH,
      y: BOTTOM + 16,
      fill: SOFT,
      anchor: "end",
    }),
  ];
  const scale = svgText("logarithmic", { size: 11, x: WIDTH / 2, y: BOTTOM + 16, fill: SOFT, anchor: "middle" });
  const words = `${name}: median ${format(median)}, 95th percentile ${format(p95)}, from ${format(low)} to ${format(sorted.at(-1)!)}`;
  return html`<figure class="drawing">${raw(
    [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="-1 0 ${WIDTH + 2} ${HEIGHT}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">`,
      `<title>${escapeXml(words)}</title>`,
      ...bars,
      `<path d="M0 ${BOTTOM + 0.5}H${WIDTH}" stroke="#bdbdbd" stroke-width="1"/>`,
      mark("median", median, 8),
      ...(p95 > median ? [mark("95 %", p95, 24)] : []),
      ...ends,
      ...(isLog ? [scale] : []),
      "</svg>",
    ].join(""),
  )}</figure>`;
}

interface Axis {
  /** Position of a value, 0 to 1 between the ends. */
  part(value: number): number;
  /** Value at a position. */
  from(part: number): number;
  readonly isLog: boolean;
}

/** Makes a linear axis, or a logarithmic one where most values would stand in its first bars. */
function axisOf(low: number, high: number, median: number): Axis {
  const isLog = low > 0 && high > 6 * median;
  if (!isLog) {
    const span = high > low ? high - low : 1;
    return { part: (value) => (value - low) / span, from: (part) => low + part * span, isLog };
  }
  const span = Math.log(high / low);
  return { part: (value) => Math.log(value / low) / span, from: (part) => low * Math.exp(part * span), isLog };
}
