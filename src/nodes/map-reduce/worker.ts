import { HumanMessage } from "@langchain/core/messages";
import { Send } from "@langchain/langgraph";
import { ask } from "../../calls/ask.js";
import type { Sooner } from "../../calls/nesting.js";
import { isSoonerAround, othersAround } from "../../calls/scope.js";
import { ModelCallError } from "../../errors/index.js";
import type { ResolvedModel } from "../../models/resolve.js";
import type { CallBefore } from "../../resilience/allowance.js";
import { withinLimits } from "../../resilience/deadline.js";
import { slotsFor } from "../../resilience/slots.js";
import { emptyState } from "../../state/empty-state.js";
import { settingsOf } from "../../state/graph-settings.js";
import type { OrchestrationState, OrchestrationUpdate } from "../../state/orchestration-state.js";
import type { OwnState } from "../../state/own-keys.js";
import { isMarked } from "../../state/privacy.js";
import { failureOf } from "../next-options.js";
import { nodeAt, type OrchestrationNode } from "../node.js";
import { Siblings } from "../siblings.js";

export const workerName = "worker";
export const reduceName = "reduce";

/** Event on the custom stream, published each time a worker of a map-reduce ends. */
export interface ProgressEvent {
  readonly type: "progress";
  /** Path of the worker, from the outermost graph. */
  readonly path: string;
  /** Number of ended workers, this one included; a resume starts again at 0. */
  readonly done: number;
  /** Number of planned items. */
  readonly of: number;
  readonly item: string;
  readonly status: "ok" | "error";
}

/** Input of a worker. It leaves out the conversation, because every checkpoint stores it. */
interface Task extends Pick<OrchestrationState, "turnId"> {
  readonly item: string;
  readonly of: number;
  /** What the calls before cost, for the limit of a run that goes on in another process. */
  readonly before?: readonly CallBefore[];
  /** Set in a marked run. */
  readonly sensitive?: true;
  /** Own keys of the state, where it has some. */
  readonly own?: OwnState;
}

/**
 * Sends each planned item to a worker, or goes on to `reduce` without items. Editing the state while the run waits before `reduce`
 * runs this edge again, because LangGraph attributes the edit to the plan; items that are done are then not sent, and paid, twice.
 */
export function sendItems(graph: object): (state: OrchestrationState) => string | Send[] {
  const ownKeys = Object.keys(settingsOf(graph)?.own ?? {});
  return (state) => sentBy(state, ownKeys);
}

function sentBy(state: OrchestrationState, ownKeys: readonly string[]): string | Send[] {
  const { items, outputs, failures, turnId, calls } = state;
  const planned = items ?? [];
  const done = new Map<string | undefined, number>();
  for (const { item } of [...outputs, ...failures]) done.set(item, (done.get(item) ?? 0) + 1);
  const left = planned.filter((item) => {
    const times = done.get(item) ?? 0;
    done.set(item, times - 1);
    return times <= 0;
  });
  if (left.length === 0) return reduceName;
  const values = ownKeys.map((key) => [key, (state as OwnState)[key]]);
  const before = calls.flatMap(({ id, costUsd }) => (costUsd ? [{ id, costUsd }] : []));
  const task = {
    of: planned.length,
    turnId,
    ...(isMarked(state) && { sensitive: true as const }),
    ...(before.length > 0 && { before }),
    ...(values.length > 0 && { own: Object.fromEntries(values) }),
  };
  return left.map((item) => new Send(workerName, { item, ...task } satisfies Task));
}

export function workerNode(model: ResolvedModel, concurrency: number): OrchestrationNode {
  const workers = new Siblings(() => ({ slot: slotsFor(concurrency), ended: 0 }));
  return async (sent, config, settings) => {
    const { item, of, turnId, own, before, sensitive } = sent as unknown as Task; // a `Send` replaces the state
    const work = nodeAt(workerName, (_state, scope) =>
      workers.share(scope, (run) => {
        const report = (status: ProgressEvent["status"]) => {
          const event: ProgressEvent = { type: "progress", path: scope.path, done: ++run.ended, of, item, status };
          scope.config.writer?.(event);
        };
        let gaveWay = false;
        const sooner: Sooner = (failure, waitMs) => {
          gaveWay = isSoonerAround(scope, failure, waitMs);
          return gaveWay;
        };
        const answer = async (): Promise<OrchestrationUpdate> => {
          try {
            const around = { sooner, others: () => othersAround(scope) };
            const said = { role: "answer", draft: true, returned: false, ...around } as const;
            const { message, modelUsed, steps } = await ask(model, [new HumanMessage(item)], scope, said);
            report("ok");
            return { outputs: [{ stage: workerName, message, modelUsed, item, ...(steps && { steps: [...steps] }) }] };
          } catch (error) {
            if (!ModelCallError.isInstance(error)) throw error; // such as an interrupt or an abort
            report("error");
            if (gaveWay) throw error; // an alternative outside this run gives a complete answer; this run's would lack the item
            return { failures: [{ ...failureOf(workerName, error), item }] };
          }
        };
        return withinLimits({}, [scope.config.signal], () => run.slot(answer)); // an abort ends the wait for a slot too
      }),
    );
    return work(
      {
        ...{ ...own, ...emptyState, turnId, ...(before !== undefined && { before }) },
        ...(sensitive && { sensitive }),
      } as OrchestrationState,
      config,
      settings,
    );
  };
}
