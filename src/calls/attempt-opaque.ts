import type { BaseMessage } from "@langchain/core/messages";
import { mergeConfigs } from "@langchain/core/runnables";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError } from "../errors/index.js";
import { withinLimits } from "../resilience/deadline.js";
import { orchestrationOf, withCarriedLedger } from "../tracing/carried-ledger.js";
import { LedgerHandler } from "../tracing/ledger-handler.js";
import { type Answer, checkAnswer, copyMessage, newMessages, toMessage } from "./answer.js";
import { type Attempt, discard, mergeNestedLedger } from "./attempt.js";
import { reserveBelow } from "./budgeted.js";
import { nestedConfig } from "./call-config.js";
import { callerOptions, refuseTools } from "./caller-options.js";
import { isControlFlow, noteMistake } from "./control-flow.js";
import { belowMeans } from "./means-below.js";
import { openNestedRun } from "./nested-run.js";
import { gateWithin } from "./privacy-gate.js";
import { noteCall, noteDecision, noteSteps } from "./scope.js";
import { inputBelow, noteChanges } from "./shared-keys.js";
import { showingOf } from "./showing.js";

/** Runs an agent, a foreign graph or a chain, with a callback handler that fills the ledger. */
export async function attemptOpaque({ model, messages, scope, options, outcome, classify }: Attempt): Promise<Answer> {
  const { role, signal: stop, others } = options;
  const showing = showingOf(scope, options);
  refuseTools(model, callerOptions(scope, options), scope);
  const below = openNestedRun(
    scope,
    { showing, opaque: true, sooner: undefined, others, system: [], means: belowMeans(model, scope) },
    model.options,
    options.candidate,
  ); // no `sooner`: its work may have begun and must not be abandoned
  const { configurable, nesting } = below;
  const inner = { ...scope, ledger: nesting.ledger }; // keeps the order among calls of nested patterns
  let handler: LedgerHandler | undefined;
  try {
    return await withinLimits({ timeout: model.entry.timeout }, [scope.config.signal, stop], async (signal) => {
      handler = new LedgerHandler({
        ...{ path: scope.path, node: scope.node, turnId: scope.turnId, role, price: model.entry.price, signal },
        note: (call) => noteCall(inner, call),
        decided: (decision) => noteDecision(inner, decision),
        known: nesting.ledger,
        given: messages,
        reserve: reserveBelow(model, scope),
      });
      const config = {
        ...mergeConfigs(nestedConfig({ model, scope, showing, signal }), {
          callbacks: [handler, ...gateWithin(scope, model)],
        }),
        configurable,
      };
      const isGraph = model.subgraph !== undefined;
      const output = await (isGraph
        ? model.runnable.invoke(inputBelow(model, messages, scope), config)
        : model.runnable.invoke(messages, { ...config, maxRetries: 0 } as typeof config));
      if (isGraph) noteChanges(model, scope, Object(output));
      const made = isGraph ? newMessages((output as { messages?: BaseMessage[] }).messages ?? [], messages) : [output];
      const last = toMessage(made.at(-1), scope.path);
      handler.addUnreported(made, { called: !isGraph });
      const answer = handler.checkAnswer(last, checkAnswer);
      const isCarrier = orchestrationOf(answer)?.ledger !== undefined;
      const message = isCarrier
        ? copyMessage(answer, { response_metadata: withCarriedLedger(answer, undefined) })
        : answer;
      scope.ledger.merge(nesting.ledger);
      const steps = handler.steps();
      noteSteps(scope, steps);
      return { message, modelUsed: scope.path, steps };
    });
  } catch (error) {
    mergeNestedLedger(scope, below, error);
    if (isGraphBubbleUp(error)) throw error;
    handler?.close(CallTimeoutError.isInstance(error) ? "timeout" : "cancelled");
    outcome.skippedWaitMs = nesting.skippedWaitMs;
    outcome.steps = handler?.steps() ?? nesting.steps;
    noteSteps(scope, outcome.steps);
    if (handler === undefined || isControlFlow(error, scope, stop)) throw error;
    if (role !== "answer") noteMistake(error, classify(error)); // a bug in a judge is not an outage
    const isShown = showing !== "hidden" && handler.shown.size > 0;
    outcome.tokens = isShown && showing === "answer";
    if (isShown) for (const id of handler.shown) discard(scope, id, classify(error).class);
    throw error;
  }
}
