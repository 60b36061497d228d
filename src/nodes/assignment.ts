import type { Decision } from "../state/decision.js";

/** The node of an experiment that chooses the variant. */
export const assignmentName = "assignment";

/**
 * The variants a run was assigned, by the path of the node that did it; several under one path are all named ("a+b"), so that
 * no log counts such a run for one side. Where a variant did not answer as drawn, and another model took its place, there is none.
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

/** True where a drawn variant was passed over, or failed and handed the run back or to the fallback. */
function isFall({ node, kind }: Decision, assignment: string): boolean {
  const variant = kind === "fallback" && node !== assignment && around(node) === around(assignment);
  return variant || (kind === "skip" && node === assignment);
}

const around = (path: string) => path.split("/").slice(0, -1).join("/");
