import { textWidth } from "./svg-text.js";

type Point = readonly [x: number, y: number];

const SIZE = 12;
const INSET = 8;

/** Moves each box title to the upper corner that fewer edges cross, because Graphviz ignores edges when placing titles. */
export function placeBoxTitles(svg: string): string {
  const lines = edgePoints(svg);
  const titled =
    /(class="cluster">\n<title>.*<\/title>\n<path [^>]* d="([^"]*)"\/>\n<text [^>]*)text-anchor="\w+" x="[-\d.]+" y="([-\d.]+)"([^>]*>)([^<]*)/g;
  return svg.replace(titled, (_whole, before: string, outline: string, y: string, after: string, title: string) => {
    const across = pointsOf(outline).map(([x]) => x);
    const width = textWidth(title, { size: SIZE });
    const [left, right] = [Math.min(...across) + INSET, Math.max(...across) - INSET];
    const crossings = (from: number) =>
      lines.filter(
        ([px, py]) => px > from - 3 && px < from + width + 3 && Math.abs(py - (Number(y) - SIZE / 3)) < SIZE,
      );
    const atRight = crossings(left).length > crossings(right - width).length;
    const place = atRight ? `text-anchor="end" x="${right.toFixed(2)}"` : `text-anchor="start" x="${left.toFixed(2)}"`;
    return `${before}${place} y="${y}"${after}${title}`;
  });
}

/** Samples points along every edge, densely enough to detect any title they cross. */
function edgePoints(svg: string): Point[] {
  const paths = [...svg.matchAll(/class="edge">\n<title>.*<\/title>\n<path [^>]* d="([^"]*)"/g)];
  return paths.flatMap(([, curve]) => {
    const points = pointsOf(curve!);
    return Array.from({ length: Math.floor((points.length - 1) / 3) }, (_, index) =>
      alongCurve(points.slice(index * 3, index * 3 + 4)),
    ).flat();
  });
}

function alongCurve([a, b, c, d]: readonly Point[]): Point[] {
  return Array.from({ length: 21 }, (_, step): Point => {
    const t = step / 20;
    const at = (axis: 0 | 1) =>
      (1 - t) ** 3 * a![axis] + 3 * (1 - t) ** 2 * t * b![axis] + 3 * (1 - t) * t ** 2 * c![axis] + t ** 3 * d![axis];
    return [at(0), at(1)];
  });
}

function pointsOf(path: string): Point[] {
  return [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]): Point => [Number(x), Number(y)]);
}
