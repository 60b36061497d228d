import { decide } from "../calls/scope.js";
import type { NamedModel } from "../models/check-models.js";
import type { Route } from "../routing/route.js";
import { type Affinity, keeperOf } from "./affinity.js";
import { assignmentName } from "./assignment.js";
import { nextModel, type Tier } from "./next-model.js";
import { noAnswerError } from "./next-options.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { choose, groundsOf } from "./router.js";

export interface AssignNodeOptions {
  readonly variants: readonly NamedModel[];
  /** The variants as tiers, in the same order. */
  readonly tiers: readonly Tier[];
  readonly draw: Route;
  /** Names of the variants with a weight above 0. */
  readonly drawn: readonly string[];
  /** Node for a run whose variant fails. @default another variant is drawn */
  readonly otherwise?: string | undefined;
  readonly affinity?: Affinity | undefined;
}

/**
 * Makes the node that assigns a variant to a run. Without `otherwise` it draws again for a variant that failed or is cooling down.
 *
 * @throws {AllModelsFailedError} when every variant has failed
 */
export function assignNode({
  variants,
  tiers,
  draw,
  drawn,
  otherwise,
  affinity,
}: AssignNodeOptions): OrchestrationNode {
  const names = variants.map(({ name }) => name);
  const open = variants.filter(({ name }) => drawn.includes(name));
  const keeper = keeperOf({ affinity, names, otherwise });
  return nodeAt(assignmentName, async (state, scope) => {
    const kept = keeper.goOn(scope, state, open);
    if (kept !== undefined) return kept;
    const failed = state.failures.map(({ name }) => name);
    let pool = variants.filter(({ name }) => !failed.includes(name)); // includes variants of weight 0: `draw` needs all weights
    while (pool.some((variant) => open.includes(variant))) {
      const choice = await choose(draw, pool, state, scope);
      const tierOf = (name: string) => tiers.find((tier) => tier.name === name)!;
      const others = pool.filter(({ name }) => name !== choice.name);
      const alternatives = others.filter((variant) => open.includes(variant));
      const ways = [choice.name!, ...alternatives.map(({ name }) => name)].map(tierOf);
      const ahead = otherwise === undefined ? nextModel(ways, tiers, state, scope) : { tier: ways[0], skipped: [] };
      if (ahead.tier === ways[0]) {
        const left = failed.length > 0 ? `, among the others: ${failed.join(", ")} failed` : "";
        const reason = `${choice.reason}${left}${keeper.unkept(scope)}`;
        decide(scope, { kind: "route", chosen: choice.name!, candidates: names, ...groundsOf(choice), reason });
        keeper.keep(scope, choice.name!);
        return { route: choice.name, next: choice.name };
      }
      const why = ahead.skipped.find(({ name }) => name === choice.name)?.reason ?? "it cannot help any more";
      decide(scope, { kind: "skip", chosen: choice.name!, reason: why });
      pool = others;
    }
    throw noAnswerError(scope, { all: tiers, tiers: [], kind: "fallback" }, state);
  });
}
