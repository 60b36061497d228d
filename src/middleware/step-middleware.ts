import { Overwrite, ReducedValue, StateSchema } from "@langchain/langgraph";
import { type AgentMiddleware, createMiddleware } from "langchain";
import { z } from "zod";
import type { GraphChatModel } from "../chat-model/chat-model.js";
import { withinStep } from "../chat-model/within-step.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { MessagesGraphBuilder, Model } from "../models/model.js";
import type { Decision } from "../state/decision.js";
import { OrchestrationState } from "../state/orchestration-state.js";

/** What a middleware adds to the agent's state: the ledger of the current run. */
export interface LedgerFields {
  /** Every attempt on every model, with its cost. */
  readonly calls: ReducedValue<ModelCall[], ModelCall[]>;
  /** Why each call went where it went. */
  readonly decisions: ReducedValue<Decision[], Decision[]>;
}

/** A middleware of this package, for `createAgent({ middleware: [ … ] })`. */
export type LedgerMiddleware = AgentMiddleware<StateSchema<{ [Key in keyof LedgerFields]: LedgerFields[Key] }>>;

/**
 * Makes a middleware whose pattern makes the model calls of an agent.
 *
 * @param name name of the middleware, in traces and in the agent's nodes
 * @param build makes the pattern from the model that the agent, or a middleware around, would have called
 */
export function stepMiddleware(name: string, build: (lastResort: Model) => MessagesGraphBuilder): LedgerMiddleware {
  const made = new WeakMap<object, GraphChatModel>();
  const chatModel = (model: Model) => {
    const known = made.get(model as object) ?? withinStep(build(model), name);
    made.set(model as object, known);
    return known;
  };
  return createMiddleware({
    name,
    stateSchema: ledger(),
    beforeAgent: () => ({ calls: new Overwrite([]), decisions: new Overwrite([]) }) as object,
    wrapModelCall: (request, handler) => handler({ ...request, model: chatModel(request.model as Model) as never }),
  }) as unknown as LedgerMiddleware;
}

function ledger() {
  const { calls, decisions } = OrchestrationState.fields;
  return new StateSchema({
    calls: listOf(calls as unknown as LedgerFields["calls"]),
    decisions: listOf(decisions as unknown as LedgerFields["decisions"]),
  });
}

/** Returns the list of a pattern's state as a list that an agent may be called without. LangChain reads it with each model call. */
function listOf<Value>({ reducer, jsonSchemaExtra }: ReducedValue<Value[], Value[]>): ReducedValue<Value[], Value[]> {
  const list = z.array(z.any()).default(() => []) as unknown as z.ZodType<Value[], Value[]>;
  return new ReducedValue(list, { inputSchema: list, reducer, ...(jsonSchemaExtra && { jsonSchemaExtra }) });
}
