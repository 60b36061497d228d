import type { Decision } from "../state/decision.js";

export const assignmentName = "assignment";

/** Variants that one experiment assigned in a run. */
export interface Assignment {
  /** Path of the assigning node. */
  readonly path: string;
  /** In the order of first assignment; several if the run came by several times, or if a variant fell. */
  readonly variants: readonly string[];
  /** Whether another model took the place of a variant: after a failure, or by hand. */
  readonly replaced?: "failed" | "byHand";
}

/** Returns the assignments of a run. A variant that was skipped counts as assigned. */
export function assignmentsOf(decisions: readonly Decision[]): readonly Assignment[] {
  const drawn = new Map<string, Set<string>>();
  for (const { node, kind, chosen } of decisions) {
    if ((kind !== "route" && kind !== "skip") || !isAssignment(node)) continue;
    drawn.set(node, (drawn.get(node) ?? new Set()).add(chosen));
  }
  return [...drawn].map(([path, variants]) => {
    const falls = decisions.filter((decision) => isFall(decision, path));
    const replaced = falls.some(({ byHand }) => byHand === true) ? "byHand" : "failed";
    return { path, variants: [...variants], ...(falls.length > 0 && { replaced }) };
  });
}

/**
 * Returns the assigned variants of a run, by the path of the assigning node. Several variants under one path are joined ("a+b"), so
 * that such a run is not attributed to one variant only. A path is left out if another model took the place of its variant.
 */
export function variantsOf(decisions: readonly Decision[]): Readonly<Record<string, string>> {
  const whole = assignmentsOf(decisions).filter(({ replaced }) => replaced === undefined);
  return Object.fromEntries(whole.map(({ path, variants }) => [path, [...variants].sort().join("+")]));
}

const isAssignment = (node: string) => node === assignmentName || node.endsWith(`/${assignmentName}`);

/** True if the decision skips the assigned variant or replaces it, after a failure or by hand. */
function isFall({ node, kind, byHand }: Decision, assignment: string): boolean {
  const variant = kind === "fallback" && node !== assignment && around(node) === around(assignment);
  return variant || ((kind === "skip" || byHand === true) && node === assignment);
}

const around = (path: string) => path.split("/").slice(0, -1).join("/");
