import type { Answer } from "../calls/answer.js";
import { askStructured } from "../calls/ask-structured.js";
import { decide, othersAround, type Scope, soonerAround } from "../calls/scope.js";
import { isLimit, ModelCallError } from "../errors/index.js";
import { outOfSteps, stepsLeft } from "../langgraph/step-limit.js";
import { bringsTools } from "../models/answer-options.js";
import { end } from "../routing/next-stage.js";
import type { OrchestrationState, StageOutput } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";
import { answered } from "./answered.js";
import { chooseStage, type PipelineStage, targetsFrom } from "./choose-stage.js";
import { contextPrompt, keepOutput } from "./context-prompt.js";
import { dropDraft, returnedMessage, rewritten } from "./drafts.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { isStep } from "./verifier.js";

export interface StageNodeOptions {
  readonly stage: PipelineStage;
  readonly stages: readonly PipelineStage[];
  /** Stage whose output is returned. @default the last that ran */
  readonly answer?: string;
}

export function stageNode({ stage, stages, answer }: StageNodeOptions): OrchestrationNode {
  const { name, model, context, next } = stage;
  const { instruction } = next ?? {};
  const certain = stage === stages.at(-1) && next === undefined && (answer ?? name) === name;
  const ends = targetsFrom(stage, stages).includes(end);
  const stop = (before: OrchestrationState, scope: Scope, reason: string) => {
    const stopped = before.decisions.some(({ kind, chosen }) => kind === "stop" && chosen === end);
    if (!stopped) decide(scope, { kind: "stop", chosen: end, reason });
    if (!ends) return { next: stages[stages.indexOf(stage) + 1]!.name }; // its only edge leads there
    return finish(returnedOf(before.outputs, answer)!, before, scope);
  };
  return nodeAt(name, async (before, scope) => {
    const last = before.outputs.at(-1);
    const stopped = before.decisions.some(({ kind, chosen }) => kind === "stop" && chosen === end);
    if (last !== undefined && (stopped || stepsLeft(scope.config) < 0)) {
      return stop(before, scope, outOfSteps(scope.config, `work on ${name}; the last output is returned`));
    }
    const returned = name === answer || (ends && !before.outputs.some((output) => output.stage === answer));
    const equipped = returned && bringsTools(scope.caller?.options);
    const schema = equipped ? undefined : next?.schema; // a schema is sent as a tool, and the caller's tools replace it
    const reader = { model, steps: stepsBefore(name, before), ...(instruction && { instruction }) };
    let work: Answer;
    try {
      const seen = await contextPrompt(context, reader, before, scope);
      work = await askStructured(model, seen, scope, {
        role: "answer",
        hidden: !certain,
        draft: true,
        returned,
        candidate: before.outputs.filter((output) => output.stage === name).length,
        sooner: soonerAround(scope),
        others: () => othersAround(scope),
        ...(instruction && { instruction }),
        ...(schema && { schema }),
      });
    } catch (error) {
      if (last === undefined || !ModelCallError.isInstance(error) || !isLimit(error.class)) throw error;
      return stop(before, scope, `${name}: ${error.reason}; the last output is returned`);
    }
    const { message, modelUsed, steps } = work;
    const given: StageOutput = {
      stage: name,
      message,
      ...(modelUsed === name ? {} : { modelUsed }),
      ...(steps && { steps: [...steps] }),
    };
    const replaced = returnedOf(before.outputs, answer);
    if (returned && !certain && (equipped || next === undefined) && isStep(given, scope, model)) {
      decide(scope, { kind: "accept", chosen: end, reason: "nothing comes next: it calls tools, and is a step" });
      if (replaced !== undefined) dropDraft(scope, replaced, laterOutput);
      return { outputs: [given], ...finish(given, before, scope) };
    }
    const state = { ...before, outputs: [...before.outputs, given] };
    const { name: to, verdict } = await chooseStage(stage, stages, state, scope);
    const output = verdict?.answer === undefined ? given : rewritten(scope, given, verdict.answer);
    await keepOutput(context, model, before, output, scope);
    const outputs = [...before.outputs, output];
    const returning = returnedOf(outputs, answer)!;
    if (returning !== output) dropDraft(scope, output, `the answer is that of ${returning.stage}`);
    else if (replaced !== undefined) dropDraft(scope, replaced, laterOutput);
    return {
      outputs: [output],
      ...(verdict && { verdict: withoutAnswer(verdict) }),
      ...(to === end ? finish(returning, before, scope) : { next: to }),
    };
  });
}

/** Lists the tool calls of earlier visits of a stage, so that no side effect runs twice. */
function stepsBefore(name: string, { outputs }: OrchestrationState) {
  return outputs.flatMap(({ stage, steps }) => (stage === name && steps) || []);
}

function withoutAnswer({ answer: _rewritten, ...verdict }: Verdict): Verdict {
  return verdict;
}

/** Returns the output that a run would return now; the `answer` stage may not have run. */
function returnedOf(outputs: readonly StageOutput[], answer: string | undefined): StageOutput | undefined {
  return outputs.findLast(({ stage }) => stage === answer) ?? outputs.at(-1);
}

const laterOutput = "a later stage gave the answer";

function finish(output: StageOutput, state: OrchestrationState, scope: Scope) {
  const { stage, modelUsed = stage } = output;
  const message = returnedMessage(output);
  const { confidence = null } = orchestrationOf(message) ?? {};
  return answered(state, scope, { message, modelUsed, confidence });
}
