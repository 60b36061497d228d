import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { consumeCallback } from "@langchain/core/callbacks/promises";
import type { AIMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import type { Decision } from "../state/decision.js";

/** An observation of Langfuse that is open. */
interface Observation {
  update(attributes: object): unknown;
}

/** Private field of Langfuse's handler: the open observations by run. */
interface Langfuse extends BaseCallbackHandler {
  readonly runMap: { get?(runId: string): Observation | undefined };
}

type CostOf = (message: AIMessage | undefined) => number | null;

const isLangfuse = (handler: BaseCallbackHandler): handler is Langfuse =>
  handler.name === "LangfuseCallbackHandler" && "runMap" in handler;
const isLangSmith = ({ name }: BaseCallbackHandler) => name === "langchain_tracer";

/** Reports the cost of a call when its run ends, before the tracer that it is for hears of the end. */
class TracerCost extends BaseCallbackHandler {
  override readonly name = "multimodel_cost";

  constructor(
    private readonly costOf: CostOf,
    private readonly report: (costUsd: number, runId: string, output: LLMResult) => void,
  ) {
    super();
  }

  override handleLLMEnd(output: LLMResult, runId: string): void {
    const costUsd = this.costOf((output.generations[0]?.[0] as { readonly message?: AIMessage } | undefined)?.message);
    if (costUsd !== null) this.report(costUsd, runId, output);
  }
}

/** Adds the cost of a call to the traces of Langfuse and LangSmith, which otherwise price models by tables of their own. */
export function withTracerCosts(callbacks: Callbacks | undefined, costOf: CostOf): Callbacks | undefined {
  if (callbacks === undefined || Array.isArray(callbacks)) return callbacks;
  const costs = callbacks.handlers.flatMap((handler) => {
    if (isLangfuse(handler)) {
      const update = (total: number, runId: string) => handler.runMap.get?.(runId)?.update({ costDetails: { total } });
      return new TracerCost(costOf, update);
    }
    return isLangSmith(handler) ? new TracerCost(costOf, noteCost) : [];
  });
  if (costs.length === 0) return callbacks;
  const copy = callbacks.copy();
  copy.handlers = [...costs, ...copy.handlers];
  return copy;
}

/** Sets the cost in the output of a run, where LangSmith reads it beside the tokens. */
function noteCost(costUsd: number, _runId: string, output: LLMResult & { usage_metadata?: object }): void {
  const { message } = output.generations[0]![0] as { readonly message?: AIMessage };
  output.usage_metadata = { ...message?.usage_metadata, total_cost: costUsd };
}

const decided = new WeakMap<Observation, Decision[]>();

/** Adds a decision to the observation of its node in Langfuse, whose handler keeps only the messages that a node returns. */
export function noteTracedDecision(callbacks: Callbacks | undefined, decision: Decision): void {
  if (callbacks === undefined || Array.isArray(callbacks)) return;
  const runId = callbacks.getParentRunId();
  for (const handler of callbacks.handlers.filter(isLangfuse)) {
    const note = async () => {
      const observation = runId === undefined ? undefined : handler.runMap.get?.(runId);
      if (observation === undefined) return;
      const decisions = [...(decided.get(observation) ?? []), decision];
      decided.set(observation, decisions);
      observation.update({ metadata: { decisions } });
    };
    void consumeCallback(note, handler.awaitHandlers); // in its turn behind the start of the node
  }
}
