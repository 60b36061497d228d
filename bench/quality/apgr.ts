import { seededRandom } from "../../demo/statistics.js";

/** What a question contributes: how much better the strong model is (-1, 0, 1), and how late it is sent there, 0..1. */
export interface Ranked {
  readonly gain: number;
  /** The share of questions a router sends to the strong model before this one; ties count half. */
  readonly share: number;
}

/** Ranks questions by how much a router wants the strong model for them. */
export function rank(gains: readonly number[], wants: readonly number[]): Ranked[] {
  return gains.map((gain, index) => {
    const before = wants.filter((want) => want > wants[index]!).length;
    const equal = wants.filter((want) => want === wants[index]!).length;
    return { gain, share: (before + equal / 2) / gains.length };
  });
}

/**
 * The average performance gap recovered (Ong et al. 2024, "RouteLLM", arXiv:2406.18665, section 2).
 *
 * With a share c of questions sent to the strong model, those a router wants it for most, the accuracy is A(c), and the gap
 * recovered PGR(c) = (A(c) - A(weak)) / (A(strong) - A(weak)), so PGR(0) = 0 and PGR(1) = 1. APGR is the area under PGR
 * over c from 0 to 1. RouteLLM's code takes the trapezoid over cuts at every tenth; this takes it over every cut, which is
 * the sum of each question's gain times the part of c in which it is already at the strong model. Random order: 0.5.
 */
export function apgr(ranked: readonly Ranked[]): number {
  return sum(ranked, ({ gain, share }) => gain * (1 - share)) / sum(ranked, ({ gain }) => gain);
}

/** The same by RouteLLM's own cuts, for comparison. */
export function apgrAtTenths(ranked: readonly Ranked[]): number {
  const total = sum(ranked, ({ gain }) => gain);
  const recovered = Array.from({ length: 11 }, (_, tenth) => {
    return sum(ranked, ({ gain, share }) => (share < tenth / 10 ? gain : 0)) / total;
  });
  return sum(recovered.slice(1), (_, index) => (recovered[index]! + recovered[index + 1]!) / 2) / 10;
}

/** Percentile bootstrap over questions, 95 %: how much the figure depends on which questions were asked. */
export function bootstrapInterval<Item>(
  items: readonly Item[],
  figure: (drawn: readonly Item[]) => number,
  draws = 2_000,
): [lower: number, upper: number] {
  const random = seededRandom(1);
  const figures = Array.from({ length: draws }, () =>
    figure(items.map(() => items[Math.floor(random() * items.length)]!)),
  ).sort((one, other) => one - other);
  return [figures[Math.floor(draws * 0.025)]!, figures[Math.ceil(draws * 0.975) - 1]!];
}

function sum<Item>(items: readonly Item[], read: (item: Item, index: number) => number): number {
  return items.reduce((total, item, index) => total + read(item, index), 0);
}
