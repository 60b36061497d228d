import type { Decision } from "../state/decision.js";

/** The node of an experiment that chooses the variant. */
export const assignmentName = "assignment";

/**
 * The variants a run was assigned, by the path of the node that did it; several under one path are all named ("a+b"), so that
 * no log counts such a run for one side.
 */
export function variantsOf(decisions: readonly Decision[]): Readonly<Record<string, string>> {
  const variants = new Map<string, Set<string>>();
  for (const { node, kind, chosen } of decisions) {
    if (kind !== "route" || node.split("/").at(-1) !== assignmentName) continue;
    variants.set(node, (variants.get(node) ?? new Set()).add(chosen));
  }
  return Object.fromEntries([...variants].map(([path, names]) => [path, [...names].sort().join("+")]));
}
