import type { Decision } from "../state/decision.js";

export const assignmentName = "assignment";

/**
 * Returns the assigned variants of a run, by the path of the assigning node. Several variants under one path are joined ("a+b"), so
 * that such a run is not attributed to one variant only. A path is left out if another model took the place of its variant.
 */
export function variantsOf(decisions: readonly Decision[]): Readonly<Record<string, string>> {
  const variants = new Map<string, Set<string>>();
  for (const { node, kind, chosen } of decisions) {
    if (kind !== "route" || node.split("/").at(-1) !== assignmentName) continue;
    variants.set(node, (variants.get(node) ?? new Set()).add(chosen));
  }
  const whole = [...variants].filter(([path]) => !decisions.some((decision) => isFall(decision, path)));
  return Object.fromEntries(whole.map(([path, names]) => [path, [...names].sort().join("+")]));
}

/** True if the decision skips the assigned variant or replaces it, after a failure or by hand. */
function isFall({ node, kind, byHand }: Decision, assignment: string): boolean {
  const variant = kind === "fallback" && node !== assignment && around(node) === around(assignment);
  return variant || ((kind === "skip" || byHand === true) && node === assignment);
}

const around = (path: string) => path.split("/").slice(0, -1).join("/");
