import type { Rehearsed } from "../calls/rehearsal.js";
import { mergedOrder } from "./merged-order.js";
import type { Walk } from "./walks.js";

/** A model that a run would call, or skip. */
export interface ExplainedStep {
  /** Path of the model's node; of the node that calls it, for a judge or a classifier: `cheap/small`, `verifier`. */
  readonly name: string;
  /** Id of the model, if known. */
  readonly model?: string;
  /** True if the run would not call it. */
  readonly skipped?: true;
  readonly reason?: string;
  /** True if it is called only when what is before it fails or is rejected. */
  readonly otherwise?: true;
  /** Share of runs that call it, 0..1, where chance decides. */
  readonly share?: number;
}

/** What a run would do. */
export interface Explanation {
  /** Model that the outermost router would choose; unset without a router, or where chance or a call decides. */
  readonly route?: string;
  readonly order: readonly ExplainedStep[];
  /**
   * Dollars: `expected` if the first answers are accepted, with answers of 500 tokens and verdicts of 50; `worst` if every model of
   * `order` is called, with every retry and the longest input and output. `null` if a price is unknown.
   */
  readonly cost: { readonly expected: number | null; readonly worst: number | null };
  /** Error that the run would end in now, such as no room in a budget. */
  readonly error?: Error;
}

/** Sums walks up. */
export function explanationOf(walks: readonly Walk[]): Explanation {
  const [first] = walks as readonly [Walk, ...Walk[]];
  const routes = new Set(walks.map(({ route }) => route));
  const all = walks.reduce((sum, { share }) => sum + share, 0);
  const isKnown = walks.every((walk) => walk.isKnown);
  const merged = walks.map(mergedWalk);
  const steps = walks.length === 1 ? merged[0]! : unitedSteps(merged, walks, all);
  const worsts = merged.map((each) => each.reduce(worse, 0));
  const expected = walks.map(({ expected }) => expected.reduce<number | null>(sumExpected, 0));
  return {
    ...(routes.size === 1 && first.route !== undefined && { route: first.route }),
    order: steps.map((step) => explained(step, isKnown)),
    cost: {
      expected: expected.reduce<number | null>(
        (sum, usd, index) => (sum === null || usd === null ? null : sum + (usd * walks[index]!.share) / all),
        0,
      ),
      worst: worsts.reduce<number | null>(
        (most, usd) => (most === null || usd === null ? null : Math.max(most, usd)),
        0,
      ),
    },
    ...(walks.every(({ error }) => error !== undefined) && { error: first.error! }),
  };
}

type Step = Rehearsed & { readonly otherwise?: true; readonly share?: number };

const sumExpected = (sum: number | null, { expectedUsd }: Rehearsed) =>
  sum === null || expectedUsd === null ? null : sum + expectedUsd;
const worse = (sum: number | null, { worstUsd }: Rehearsed) =>
  sum === null || worstUsd === null ? null : sum + worstUsd;

/** Joins the walks of one set of choices into one order. */
function mergedWalk({ expected, others }: Walk): readonly Step[] {
  const certain = withoutNotes(expected);
  const later = others.reduce<readonly Step[]>(
    (order, events) =>
      mergedOrder(
        order,
        withoutNotes(events).map((event) => ({ ...event, otherwise: true as const })),
      ),
    certain,
  );
  const called = new Set(later.filter(({ kind }) => kind === "call").map(({ path }) => path));
  return later.filter((step, index) => {
    if (step.kind === "call") return true;
    if (step.otherwise && called.has(step.path)) return false; // it is skipped after some failures only
    return later.findIndex((each) => isSameSkip(each, step)) === index;
  });
}

const isSameSkip = (one: Step, other: Step) =>
  one.kind === "skip" && one.path === other.path && one.reason === other.reason;

/** Drops notes of a node about its own call, such as messages that its context left out. */
function withoutNotes(events: readonly Rehearsed[]): readonly Rehearsed[] {
  return events.filter(
    ({ kind, path, by }, index) =>
      kind === "call" ||
      by !== path ||
      !events.slice(index).some((later) => later.kind === "call" && later.path === path),
  );
}

/** Lists each model once, with the share of the runs that call it. */
function unitedSteps(merged: readonly (readonly Step[])[], walks: readonly Walk[], all: number): readonly Step[] {
  const shares = new Map<string, number>();
  for (const [index, steps] of merged.entries()) {
    const called = new Set(
      steps.filter(({ kind, otherwise }) => kind === "call" && !otherwise).map(({ path }) => path),
    );
    for (const path of called) shares.set(path, (shares.get(path) ?? 0) + walks[index]!.share / all);
  }
  const steps = merged.flat();
  const firsts = steps.filter(({ otherwise }) => otherwise === undefined);
  const ordered = [...firsts, ...steps.filter(({ otherwise }) => otherwise)];
  return ordered
    .filter((step, index) => ordered.findIndex((each) => each.path === step.path && each.kind === step.kind) === index)
    .map((step) => ({
      ...step,
      ...(step.kind === "call" && shares.has(step.path) && { share: shares.get(step.path)! }),
    }));
}

function explained({ kind, path, model, reason, otherwise, share }: Step, isKnown: boolean): ExplainedStep {
  const said = otherwise && kind === "call" ? ifNeeded : reason;
  return {
    name: path,
    ...(model !== undefined && { model }),
    ...(kind === "skip" && { skipped: true as const }),
    ...(said !== undefined && { reason: said }),
    ...(otherwise && { otherwise }),
    ...(share !== undefined && isKnown && share < 1 - rounding && { share: Number(share.toFixed(6)) }),
  };
}

const ifNeeded = "only if what is before it fails or is rejected";
const rounding = 1e-9;
