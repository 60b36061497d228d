import { decide } from "../calls/scope.js";
import type { NamedModel } from "../models/check-models.js";
import type { Route } from "../routing/route.js";
import { type Affinity, keeperOf } from "./affinity.js";
import { assignmentName } from "./assignment.js";
import { nextModel, type Rung } from "./next-model.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { exhausted } from "./onward.js";
import { choose, groundsOf } from "./router.js";

export interface AssignNodeOptions {
  readonly variants: readonly NamedModel[];
  /** The same as rungs: what is known of those that failed. */
  readonly rungs: readonly Rung[];
  /** Draws one of the models of its turn. */
  readonly draw: Route;
  /** Variants that may be drawn. */
  readonly drawn: readonly string[];
  /** The node a run goes to whose variant does not answer. @default another variant is drawn */
  readonly otherwise?: string | undefined;
  readonly affinity?: Affinity | undefined;
}

/**
 * A node that assigns a run its variant. Where there is no other way on, a variant that failed, or that is known to be down, is left out and
 * one of the others drawn.
 *
 * @throws {AllModelsFailedError} when every variant has failed
 */
export function assignNode({
  variants,
  rungs,
  draw,
  drawn,
  otherwise,
  affinity,
}: AssignNodeOptions): OrchestrationNode {
  const names = variants.map(({ name }) => name);
  const open = variants.filter(({ name }) => drawn.includes(name));
  const keeper = keeperOf({ affinity, names, otherwise });
  return nodeAt(assignmentName, async (state, site) => {
    const kept = keeper.goOn(site, state, open);
    if (kept !== undefined) return kept;
    const failed = state.failures.map(({ name }) => name);
    let pool = variants.filter(({ name }) => !failed.includes(name)); // those of weight 0 have a share, too: it is 0
    while (pool.some((variant) => open.includes(variant))) {
      const choice = await choose(draw, pool, state, site);
      const rungOf = (name: string) => rungs.find((rung) => rung.name === name)!;
      const others = pool.filter(({ name }) => name !== choice.name);
      const spares = others.filter((variant) => open.includes(variant));
      const ways = [choice.name!, ...spares.map(({ name }) => name)].map(rungOf);
      const ahead =
        otherwise === undefined ? nextModel(ways, rungs, state, site.caller?.options) : { rung: ways[0], skipped: [] };
      if (ahead.rung === ways[0]) {
        const left = failed.length > 0 ? `, among the others: ${failed.join(", ")} failed` : "";
        const reason = `${choice.reason}${left}${keeper.unkept(site)}`;
        decide(site, { kind: "route", chosen: choice.name!, candidates: names, ...groundsOf(choice), reason });
        keeper.keep(site, choice.name!);
        return { route: choice.name, next: choice.name };
      }
      const why = ahead.skipped.find(({ name }) => name === choice.name)?.reason ?? "it cannot help any more";
      decide(site, { kind: "skip", chosen: choice.name!, reason: why });
      pool = others;
    }
    throw exhausted(site, { all: rungs, rungs: [], kind: "fallback" }, state);
  });
}
