import type { BaseMessage } from "@langchain/core/messages";
import { mergeConfigs } from "@langchain/core/runnables";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError } from "../errors/index.js";
import { withinLimits } from "../resilience/deadline.js";
import { carrying, orchestrationOf } from "../tracing/carried-ledger.js";
import { LedgerHandler } from "../tracing/ledger-handler.js";
import { type Answer, checkAnswer, copyMessage, newMessages, toMessage } from "./answer.js";
import { answerOptions, refuseTools } from "./asked-for.js";
import { type Attempt, discard, takeOver } from "./attempt.js";
import { nestedConfig } from "./call-config.js";
import { isControlFlow, noteMistake } from "./control-flow.js";
import { nestingBelow, noteCall, noteDecision, noteSteps } from "./scope.js";
import { inputBelow, noteChanges } from "./shared-keys.js";

/** Runs an agent, a foreign graph or a chain, with a callback handler that writes the ledger. */
export async function attemptOpaque({ model, messages, scope, options, left }: Attempt): Promise<Answer> {
  const { role, hidden = true, signal: stop } = options;
  refuseTools(model, answerOptions(scope, options), scope);
  const below = nestingBelow(scope, { hidden, opaque: true, sooner: undefined, system: [] }, model.options); // it may be in the middle of its work: no model beside it takes over
  const { configurable, nesting } = below;
  const inner = { ...scope, ledger: nesting.ledger }; // its calls are in order with those of patterns below
  let handler: LedgerHandler | undefined;
  try {
    return await withinLimits({ timeout: model.entry.timeout }, [scope.config.signal, stop], async (signal) => {
      handler = new LedgerHandler({
        ...{ path: scope.path, node: scope.node, turnId: scope.turnId, role, price: model.entry.price, signal },
        note: (call) => noteCall(inner, call),
        decided: (decision) => noteDecision(inner, decision),
        known: nesting.ledger,
        given: messages,
      });
      const config = {
        ...mergeConfigs(nestedConfig({ model, scope, hidden, signal }), { callbacks: [handler] }),
        configurable,
      };
      const isGraph = model.subgraph !== undefined;
      const output = await (isGraph
        ? model.runnable.invoke(inputBelow(model, messages, scope), config)
        : model.runnable.invoke(messages, { ...config, maxRetries: 0 } as typeof config));
      if (isGraph) noteChanges(model, scope, Object(output));
      const made = isGraph ? newMessages((output as { messages?: BaseMessage[] }).messages ?? [], messages) : [output];
      const last = toMessage(made.at(-1), scope.path);
      handler.account(made, { called: !isGraph });
      const answer = handler.judge(last, checkAnswer);
      const isCarrier = orchestrationOf(answer)?.ledger !== undefined; // it is in the ledger now
      const message = isCarrier ? copyMessage(answer, { response_metadata: carrying(answer, undefined) }) : answer;
      scope.ledger.merge(nesting.ledger);
      const steps = handler.steps();
      noteSteps(scope, steps);
      return { message, modelUsed: scope.path, steps };
    });
  } catch (error) {
    takeOver(scope, below, error);
    if (isGraphBubbleUp(error)) throw error;
    handler?.close(CallTimeoutError.isInstance(error) ? "timeout" : "cancelled");
    left.unwaitedMs = nesting.unwaitedMs;
    left.steps = handler?.steps() ?? nesting.steps;
    noteSteps(scope, left.steps);
    if (handler === undefined || isControlFlow(error, scope, stop)) throw error;
    if (role !== "answer") noteMistake(error, left.classify(error)); // a judge with a bug is no judge that is down
    left.tokens = !hidden && !scope.hidden && handler.shown.size > 0;
    if (left.tokens) for (const id of handler.shown) discard(scope, id, left.classify(error).class);
    throw error;
  }
}
