import { isGraphBubbleUp } from "@langchain/langgraph";
import { ask } from "../../calls/ask.js";
import { decide, ledgerAt, type Scope } from "../../calls/scope.js";
import { shortage } from "../../calls/shortage.js";
import { ModelCallError } from "../../errors/index.js";
import { stepNumber } from "../../langgraph/step-limit.js";
import { keepLedger } from "../../ledger/kept-ledger.js";
import { toolRefusal } from "../../models/answer-options.js";
import { unavailableNow } from "../../models/pool.js";
import type { ResolvedModel } from "../../models/resolve.js";
import { longestTimer } from "../../resilience/deadline.js";
import { sleep } from "../../resilience/retry.js";
import type { Route } from "../../routing/route.js";
import { drawnBy } from "../../routing/weighted.js";
import { redactError } from "../../secrets/redact.js";
import type { OrchestrationState, OrchestrationUpdate } from "../../state/orchestration-state.js";
import { checkConcurrency } from "../ensemble/lane.js";
import { conversation } from "../model.js";
import type { Tier } from "../next-model.js";
import { nodeAt, type OrchestrationNode } from "../node.js";
import { choose } from "../router.js";
import { Siblings } from "../siblings.js";
import { Beside } from "./beside.js";
import { shadowName } from "./shadow-name.js";

/** Name of the draw without a shadow. */
const without = "none";

export interface ShadowsOptions {
  readonly model: ResolvedModel;
  /** Models that a run may call for the answer; a budget keeps room for each. */
  readonly tiers: readonly Tier[];
  /** Share of the runs that it is called in, 0..1. */
  readonly share: number;
  /** Makes draws of the share repeatable. */
  readonly seed: string | number | undefined;
  /** Milliseconds that the run waits for the shadow once it has its answer. */
  readonly maxWaitMs: number;
}

/** The node of a shadow, and what the variants beside it let it know. */
export class Shadows {
  private readonly steps = new Siblings(() => new Beside());

  private readonly draw: Route | undefined;

  constructor(private readonly options: ShadowsOptions) {
    const { share, seed } = options;
    const weights = { [shadowName]: share, [without]: 1 - share };
    this.draw = share === 1 ? undefined : drawnBy<string>("shadow", weights, { seed }, { placeOf: () => shadowName });
  }

  /** Has the node that assigns a variant refuse a run that may not call the variant and the shadow at once. */
  after(node: OrchestrationNode): OrchestrationNode {
    return (state, config, settings) => {
      checkConcurrency(config);
      return node(state, config, settings);
    };
  }

  /** Makes the node that calls the model. Nothing that happens here changes the run, other than its ledger and `outputs`. */
  node(): OrchestrationNode {
    return nodeAt(shadowName, async (state, scope) => {
      const isBeside = state.route !== undefined && this.options.tiers.some(({ name }) => name === state.route);
      if (!isBeside || state.outputs.some(({ stage }) => stage === shadowName)) return {};
      if (!(await this.isDrawn(state, scope))) return {};
      const reason = this.refusal(state, scope);
      if (reason !== undefined) return skipped(scope, reason);
      scope.rehearsal?.decide({ kind: "route", reason: "answers beside, and is not shown" }, scope.path, scope.path);
      return this.steps.share(stepOf(state, scope), (beside) => this.answer(beside, state, scope));
    });
  }

  /** Makes the node of a variant let the shadow know how it ends. */
  beside(node: OrchestrationNode): OrchestrationNode {
    return (state, config, settings) =>
      this.steps.share(stepOf(state, { config }), async (beside) => {
        let isAnswered = false;
        try {
          const update = await node(state, config, settings);
          isAnswered = update.messages !== undefined;
          return update;
        } catch (error) {
          if (beside.shadow && !isGraphBubbleUp(error)) keepLedger(error, ledgerAt(beside.shadow)); // the run ends without its update
          throw error;
        } finally {
          beside.end(isAnswered);
        }
      });
  }

  private async isDrawn(state: OrchestrationState, scope: Scope): Promise<boolean> {
    return this.draw === undefined || (await choose(this.draw, [], state, scope)).name === shadowName;
  }

  /** Returns why the model is not called: a rule or a budget keeps it from the run, it is out, or it cannot answer as the variants can. */
  private refusal(state: OrchestrationState, scope: Scope): string | undefined {
    const { model, tiers } = this.options;
    const messages = conversation(state);
    return (
      scope.privacy?.barred(model) ??
      shortage(
        model,
        messages,
        scope,
        tiers.map((tier) => tier.model),
      )?.reason ??
      unavailableNow(model)?.reason ??
      toolRefusal(model, scope.caller?.options)
    );
  }

  private async answer(beside: Beside, state: OrchestrationState, scope: Scope): Promise<OrchestrationUpdate> {
    const { model } = this.options;
    const [stop, over] = [new AbortController(), new AbortController()];
    beside.shadow = scope;
    if (scope.rehearsal === undefined) void this.cut(beside, stop, over.signal);
    try {
      const { message, modelUsed } = await ask(
        model,
        conversation(state),
        { ...scope, changed: {} },
        {
          ...{ role: "shadow", hidden: true, returned: true, material: true },
          signal: stop.signal,
          others: () => "ready",
          sooner: () => true,
        },
      );
      return { outputs: [{ stage: shadowName, message, modelUsed }] };
    } catch (error) {
      if (scope.config.signal?.aborted) throw error;
      if (scope.rehearsal !== undefined) return {};
      if (stop.signal.aborted) return skipped(scope, (stop.signal.reason as Error).message);
      if (isGraphBubbleUp(error)) return skipped(scope, "it paused, which a shadow cannot");
      return skipped(scope, ModelCallError.isInstance(error) ? `it failed: ${error.class}` : redactError(error));
    } finally {
      over.abort();
    }
  }

  /** Cancels the call once the variant has failed, or has answered long enough before. */
  private async cut({ ended }: Beside, stop: AbortController, isOver: AbortSignal): Promise<void> {
    const { maxWaitMs } = this.options;
    if (!(await ended)) return stop.abort(new Error("the answer beside it failed"));
    if (maxWaitMs > longestTimer) return;
    try {
      await sleep(maxWaitMs, [isOver]);
    } catch {
      return; // it has ended before
    }
    stop.abort(new Error(`it took more than ${maxWaitMs} ms longer than the answer`));
  }
}

function skipped(scope: Scope, reason: string): OrchestrationUpdate {
  decide(scope, { kind: "skip", chosen: shadowName, reason });
  return {};
}

/** Names the step of a run, since a variant that failed is followed by another one, beside which the shadow is called again. */
function stepOf({ turnId }: OrchestrationState, { config }: Pick<Scope, "config">): Pick<Scope, "turnId" | "config"> {
  return { turnId: `${turnId} ${stepNumber(config)}`, config };
}
