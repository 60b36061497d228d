import type { Row } from "./report.js";

const place = { label: 300, bar: 420, row: 24, top: 44 };

/** Draws the CPU of rows beside the graph by hand, which is the line at 1. */
export function barChart(rows: readonly Row[]): string {
  const shown = rows.filter(({ cpu }) => cpu !== undefined);
  const most = Math.max(1.25, ...shown.map(({ cpu }) => cpu!.median));
  const scale = place.bar / most;
  const width = place.label + place.bar + 60;
  const height = place.top + shown.length * place.row + 12;
  const one = place.label + scale;
  const bars = shown.map(({ name, cpu }, index) => {
    const y = place.top + index * place.row;
    const length = cpu!.median * scale;
    const end = place.label + length + 6;
    return [
      `<text x="${place.label - 8}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${place.label}" y="${y + 3}" width="${length.toFixed(1)}" height="16" rx="2" fill="${cpu!.median <= 1 ? "#2a7f62" : "#b4552d"}"/>`,
      `<text x="${end.toFixed(1)}" y="${y + 15}">${cpu!.median.toFixed(2)}</text>`,
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img">`,
    `<title>CPU of a run beside the same graph by hand</title><rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="24" font-size="15" font-weight="600">CPU of a run; the graph by hand is 1</text>`,
    ...bars,
    `<line x1="${one.toFixed(1)}" x2="${one.toFixed(1)}" y1="${place.top - 6}" y2="${height - 8}" stroke="#333" stroke-dasharray="4 3"/>`,
    "</svg>\n",
  ].join("\n");
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
