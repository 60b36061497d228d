import { randomFrom } from "../../aggregation/shuffled.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export type Segment = readonly [Point, Point];

/** A label to place: its point and text size. */
export interface LabelRequest {
  readonly anchor: Point;
  readonly width: number;
  readonly height: number;
}

export interface Surroundings {
  /** Labels must stay inside. */
  readonly area: Box;
  /** Marks of points, never covered. */
  readonly marks: readonly Box[];
  /** Error bars and lines, covered only if unavoidable. */
  readonly lines: readonly Segment[];
}

/** A placed label; `leader` connects it to its point when it is far away. */
export interface PlacedLabel extends Box {
  readonly leader?: Segment;
}

const GAP = 3;
const DISTANCES = [9, 14, 20, 28, 38, 50, 64, 80, 100, 125, 155, 190];
const DIRECTIONS = Array.from({ length: 24 }, (_, index) => (index * Math.PI) / 12);
const LEADER_FROM = 15;
const STARTS = 24;

/**
 * Places labels greedily in 24 seeded orders and keeps the best result: short distances first, then few crossed lines. Labels
 * never overlap each other or a mark, and never leave the area.
 *
 * @returns the labels in the order of the requests
 * @throws {RangeError} when they do not all fit
 */
export function placeLabels(requests: readonly LabelRequest[], surroundings: Surroundings): PlacedLabel[] {
  const random = randomFrom(String(requests.length));
  let best: { labels: PlacedLabel[]; cost: number } | undefined;
  for (let start = 0; start < STARTS; start++) {
    const order = requests.map((_, index) => ({ index, key: start === 0 ? index : random() }));
    order.sort((left, right) => left.key - right.key);
    const result = placeInOrder(
      order.map(({ index }) => index),
      requests,
      surroundings,
    );
    if (result && (!best || result.cost < best.cost)) best = result;
  }
  if (!best) throw new RangeError(`There is no room for ${requests.length} labels.`);
  return best.labels;
}

function placeInOrder(order: readonly number[], requests: readonly LabelRequest[], surroundings: Surroundings) {
  const placed = new Map<number, PlacedLabel>();
  let total = 0;
  for (const index of order) {
    const request = requests[index]!;
    let best: { label: PlacedLabel; cost: number } | undefined;
    for (const { label, cost: distance } of candidates(request)) {
      if (best && distance >= best.cost) continue;
      if (!isFree(label, [...placed.values()], surroundings)) continue;
      const cost = distance + crossings(label, [...placed.values()], surroundings);
      if (!best || cost < best.cost) best = { label, cost };
    }
    if (!best) return undefined;
    placed.set(index, best.label);
    total += best.cost;
  }
  return { labels: requests.map((_, index) => placed.get(index)!), cost: total };
}

function* candidates({ anchor, width, height }: LabelRequest): Generator<{ label: PlacedLabel; cost: number }> {
  for (const distance of DISTANCES) {
    for (const direction of DIRECTIONS) {
      const centreX = anchor.x + Math.cos(direction) * (distance + width / 2);
      const centreY = anchor.y + Math.sin(direction) * (distance + height / 2);
      const box = { x: centreX - width / 2, y: centreY - height / 2, width, height };
      const end = nearestPoint(box, anchor);
      const gap = Math.hypot(end.x - anchor.x, end.y - anchor.y);
      // Beside the point reads best; above or below, the error bar interferes.
      const cost = gap + 4 * Math.abs(Math.sin(direction));
      yield { label: gap > LEADER_FROM ? { ...box, leader: [anchor, end] } : box, cost };
    }
  }
}

function isFree(label: PlacedLabel, placed: readonly PlacedLabel[], { area, marks }: Surroundings): boolean {
  const inside =
    label.x >= area.x &&
    label.y >= area.y &&
    label.x + label.width <= area.x + area.width &&
    label.y + label.height <= area.y + area.height;
  return inside && !marks.some((mark) => overlaps(label, mark)) && !placed.some((other) => overlaps(label, other, GAP));
}

function crossings(label: PlacedLabel, placed: readonly PlacedLabel[], { marks, lines }: Surroundings): number {
  const margin = { ...label, x: label.x - GAP, width: label.width + 2 * GAP };
  let cost = 20 * lines.filter((line) => crosses(line, margin)).length;
  const { leader } = label;
  if (leader) {
    const [start] = leader;
    cost += 12 + 60 * placed.filter((other) => crosses(leader, other)).length;
    cost += 60 * marks.filter((mark) => !contains(mark, start) && crosses(leader, mark)).length;
  }
  return cost + 60 * placed.filter((other) => other.leader && crosses(other.leader, label)).length;
}

/** Returns true when two boxes overlap or are closer than `gap` pixels. */
export function overlaps(left: Box, right: Box, gap = 0): boolean {
  return (
    left.x < right.x + right.width + gap &&
    right.x < left.x + left.width + gap &&
    left.y < right.y + right.height + gap &&
    right.y < left.y + left.height + gap
  );
}

function contains(box: Box, { x, y }: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

function nearestPoint({ x, y, width, height }: Box, point: Point): Point {
  return { x: Math.min(Math.max(point.x, x), x + width), y: Math.min(Math.max(point.y, y), y + height) };
}

/** Returns true when a line crosses a box (Liang-Barsky clipping). */
function crosses([start, end]: Segment, { x, y, width, height }: Box): boolean {
  let from = 0;
  let to = 1;
  for (const [delta, low, high] of [
    [end.x - start.x, x - start.x, x + width - start.x],
    [end.y - start.y, y - start.y, y + height - start.y],
  ] as const) {
    if (delta === 0) {
      if (low > 0 || high < 0) return false;
      continue;
    }
    from = Math.max(from, Math.min(low / delta, high / delta));
    to = Math.min(to, Math.max(low / delta, high / delta));
  }
  return from < to;
}
