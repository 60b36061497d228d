import { isGraphBubbleUp } from "@langchain/langgraph";
import { withinLimits } from "../resilience/deadline.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { joinSteps, stepsOf } from "../state/steps.js";
import { type Answer, checkAnswer, toMessage } from "./answer.js";
import { type Attempt, discardNested, mergeNestedLedger } from "./attempt.js";
import { nestedConfig } from "./call-config.js";
import { callerOptions, refuseTools, systemOf } from "./caller-options.js";
import { isControlFlow } from "./control-flow.js";
import { belowMeans } from "./means-below.js";
import { openNestedRun } from "./nested-run.js";
import { nestedOptions } from "./prepared.js";
import { noteSteps } from "./scope.js";
import { inputBelow, noteChanges } from "./shared-keys.js";
import { showingOf } from "./showing.js";
import { formOptions } from "./structured.js";

/** Runs another pattern as a model. The pattern writes its own ledger, which is kept even if the run fails. */
export async function attemptPattern({ model, messages, scope, options, outcome, classify }: Attempt): Promise<Answer> {
  const { signal: stop, schema, sooner, others } = options;
  const showing = showingOf(scope, options);
  const wanted = callerOptions(scope, options);
  refuseTools(model, wanted, scope);
  const form = schema && formOptions(schema);
  const { state, config: around } = scope;
  const system = systemOf(scope, options).map((each) => ({ source: { state, config: around }, ...each })); // the graph within may lack their keys
  const below = openNestedRun(
    scope,
    {
      ...{ showing, opaque: false, sooner, others, system, means: belowMeans(model, scope) },
      isShadow: options.role === "shadow",
    },
    nestedOptions(model, scope, wanted, form),
    options.candidate,
  );
  const { configurable, nesting } = below;
  try {
    return await withinLimits({ timeout: model.entry.timeout }, [scope.config.signal, stop], async (signal) => {
      const config = { ...nestedConfig({ model, scope, showing, signal }), configurable };
      const state = (await model.runnable.invoke(inputBelow(model, messages, scope), config)) as OrchestrationState;
      noteChanges(model, scope, state);
      scope.ledger.merge(state);
      const message = checkAnswer(toMessage(state.messages.at(-1), scope.path));
      const { modelUsed = scope.path, confidence } = state;
      return { message, modelUsed, confidence, steps: joinSteps(nesting.steps, stepsOf(state)) };
    });
  } catch (error) {
    mergeNestedLedger(scope, below, error);
    if (isGraphBubbleUp(error)) throw error;
    discardNested(scope, below, isControlFlow(error, scope, stop) ? "cancelled" : classify(error).class);
    outcome.skippedWaitMs = nesting.skippedWaitMs;
    outcome.steps = nesting.steps;
    noteSteps(scope, outcome.steps);
    throw error;
  }
}
