import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Answer } from "../../calls/answer.js";
import { ask } from "../../calls/ask.js";
import { wasSent } from "../../calls/call-failure.js";
import { timeLeft } from "../../calls/means.js";
import type { Sooner } from "../../calls/nesting.js";
import { decide, othersOf, type Scope } from "../../calls/scope.js";
import { type Failure, InvalidOptionError, ModelCallError } from "../../errors/index.js";
import { toolRefusal } from "../../models/answer-options.js";
import type { NamedModel } from "../../models/check-models.js";
import { unavailableNow } from "../../models/pool.js";
import type { OrchestrationState, OrchestrationUpdate } from "../../state/orchestration-state.js";
import { conversation } from "../model.js";
import { failureOf, lookAhead, type NextOptions, withinSteps } from "../next-options.js";
import { nodeAt, type OrchestrationNode } from "../node.js";
import { Siblings } from "../siblings.js";
import { firstToWaitFor, soonerNext } from "../wait-for.js";
import { Race, type RaceRules } from "./race.js";

export interface LanesOptions extends Omit<RaceRules, "lanes"> {
  readonly models: readonly NamedModel[];
  readonly nextOptions: NextOptions;
}

export class Lanes {
  private readonly races: Siblings<Race>;
  private readonly candidateOf: ReadonlyMap<string, number>;

  constructor(private readonly options: LanesOptions) {
    this.candidateOf = candidatesOf(options.models);
    const rules = { ...options, lanes: options.models.map(({ name }) => name) };
    this.races = new Siblings(() => new Race(rules));
  }

  /**
   * Makes the node of one lane, which is cancelled once it cannot change the outcome. It waits for a rate-limited model only while
   * other lanes run or no other model can answer.
   */
  node({ name, model }: NamedModel): OrchestrationNode {
    return nodeAt(name, (state, scope) =>
      this.races.share(scope, (race) => this.run({ name, model }, race, state, scope)),
    );
  }

  private async run(
    { name, model }: NamedModel,
    race: Race,
    state: OrchestrationState,
    scope: Scope,
  ): Promise<OrchestrationUpdate> {
    const refusal = toolRefusal(model, scope.caller?.options);
    if (refusal !== undefined) decide(scope, { kind: "skip", chosen: name, reason: refusal });
    try {
      const { message, modelUsed, steps } = await this.answer({ name, model }, race, state, scope);
      if (scope.rehearsal === undefined) race.note({ answer: { name, message, modelUsed }, calls: scope.ledger.calls }); // stand-ins are alike, and settle no vote
      const candidate = { name, message, modelUsed, ...(steps === undefined ? {} : { steps: [...steps] }) };
      return { candidates: [candidate] };
    } catch (error) {
      if (race.stop.signal.aborted && scope.config.signal?.aborted !== true) return {}; // cancelled: the outcome is settled
      if (!ModelCallError.isInstance(error)) throw error;
      const failure = failureOf(name, error);
      race.note({ failure });
      return { failures: [failure] };
    } finally {
      race.leave();
    }
  }

  /** Calls the model of a lane, and again after each wait that `race` allows. */
  private async answer(
    { name, model }: NamedModel,
    race: Race,
    state: OrchestrationState,
    scope: Scope,
  ): Promise<Answer> {
    const failures: Failure[] = [];
    for (let attempts = 0; ; ) {
      const after = { ...state, failures };
      const hasAlternative: Sooner = (failure, waitMs) => this.hasAlternative(race, after, scope, failure, waitMs);
      const gives: Sooner = (failure, waitMs) =>
        attempts === 0 && (race.hasOthers() || hasAlternative(failure, waitMs));
      try {
        return await ask(model, conversation(state), scope, {
          role: "answer",
          hidden: true,
          draft: true,
          material: true,
          signal: race.stop.signal,
          attempts,
          others: () => othersOf(scope, this.canDoWithout(name, after, scope)),
          candidate: this.candidateOf.get(name)!,
          sooner: model.kind === "pattern" ? gives : () => true, // a pattern waits inside, because calling it again would pay for its work twice
        });
      } catch (error) {
        if (!ModelCallError.isInstance(error) || !wasSent(error)) throw error;
        const failure = failureOf(name, error);
        failures.push(failure);
        const waiting = firstToWaitFor([{ name, model, visits: 1 }], after, scope);
        if (waiting === undefined || waiting.waitMs >= timeLeft(scope.means)) throw error;
        const answeredSooner = () => hasAlternative(failure, waiting.waitMs);
        if (!(await race.waitFor(waiting.waitMs, [scope.config.signal], answeredSooner))) {
          decide(scope, { kind: "skip", chosen: name, reason: `${name} is not waited for (${failure.class})` });
          throw error;
        }
        ({ attempts } = waiting);
      }
    }
  }

  /** True if enough other lanes, or the fallback, may be called now. */
  private canDoWithout(name: string, state: OrchestrationState, scope: Scope): boolean {
    const { models, minimum, nextOptions } = this.options;
    const ready = models.filter((lane) => lane.name !== name && unavailableNow(lane.model) === undefined);
    return ready.length >= minimum || lookAhead(scope, nextOptions, state).waitMs === 0;
  }

  /** True if the fallback or a model outside the ensemble can answer sooner. */
  private hasAlternative(race: Race, state: OrchestrationState, scope: Scope, ...wait: Parameters<Sooner>): boolean {
    const { nextOptions } = this.options;
    const failures = [...race.failures, ...state.failures];
    return soonerNext(
      scope,
      { ...nextOptions, tiers: withinSteps(scope, nextOptions, 1) },
      { ...state, failures },
    )(...wait);
  }
}

/** Counts the lanes before each one that ask the same model, since the same model twice is two candidates of a cache. */
function candidatesOf(models: readonly NamedModel[]): ReadonlyMap<string, number> {
  const lanesOf = new Map<unknown, number>();
  const counts = models.map(({ name, model }, index) => {
    const earlier = lanesOf.get(model.client) ?? 0;
    lanesOf.set(model.client, earlier + 1);
    return [name, model.kind === "chat" ? earlier : index] as const;
  });
  return new Map(counts);
}

export const fanOutNode: OrchestrationNode = async (_state, config) => {
  checkConcurrency(config);
  return {};
};

/** Throws at the limit at which LangGraph silently drops parallel lanes. */
export function checkConcurrency({ maxConcurrency }: Pick<LangGraphRunnableConfig, "maxConcurrency">): void {
  if (maxConcurrency !== 1) return;
  throw new InvalidOptionError(
    "maxConcurrency",
    1,
    "LangGraph drops parallel lanes at 1; give 2 or more, or leave it out",
  );
}
