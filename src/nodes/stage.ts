import { askStructured } from "../calls/ask-structured.js";
import { decide, type Scope, soonerAround } from "../calls/scope.js";
import { outOfSteps, stepsLeft } from "../langgraph/step-limit.js";
import { bringsTools } from "../models/answer-options.js";
import { end } from "../routing/next-stage.js";
import type { OrchestrationState, StageOutput } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";
import { answered } from "./answered.js";
import { chooseStage, type PipelineStage, targetsFrom } from "./choose-stage.js";
import { contextPrompt, keepOutput } from "./context-prompt.js";
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
  return nodeAt(name, async (before, scope) => {
    const last = before.outputs.at(-1);
    if (last !== undefined && stepsLeft(scope.config) < 0) {
      const reason = outOfSteps(scope.config, `work on ${name}; the last output is returned`);
      const stopped = before.decisions.some(({ kind, chosen }) => kind === "stop" && chosen === end);
      if (!stopped) decide(scope, { kind: "stop", chosen: end, reason });
      if (!ends) return { next: stages[stages.indexOf(stage) + 1]!.name }; // its only edge leads there
      return finish(before.outputs.findLast((each) => each.stage === answer) ?? last, before, scope);
    }
    const returned = name === answer || (ends && !before.outputs.some((output) => output.stage === answer));
    const equipped = returned && bringsTools(scope.caller?.options);
    const schema = equipped ? undefined : next?.schema; // a schema is sent as a tool, and the caller's tools replace it
    const reader = { model, steps: stepsBefore(name, before), ...(instruction && { instruction }) };
    const seen = await contextPrompt(context, reader, before, scope);
    const { message, modelUsed, steps } = await askStructured(model, seen, scope, {
      role: "answer",
      hidden: !certain,
      returned,
      candidate: before.outputs.filter((output) => output.stage === name).length,
      sooner: soonerAround(scope),
      ...(instruction && { instruction }),
      ...(schema && { schema }),
    });
    const given: StageOutput = {
      stage: name,
      message,
      ...(modelUsed === name ? {} : { modelUsed }),
      ...(steps && { steps: [...steps] }),
    };
    if (returned && !certain && (equipped || next === undefined) && isStep(given, scope, model)) {
      decide(scope, { kind: "accept", chosen: end, reason: "nothing comes next: it calls tools, and is a step" });
      return { outputs: [given], ...finish(given, before, scope) };
    }
    const state = { ...before, outputs: [...before.outputs, given] };
    const { name: to, verdict } = await chooseStage(stage, stages, state, scope);
    const output = verdict?.answer === undefined ? given : { ...given, message: verdict.answer };
    await keepOutput(context, model, before, output, scope);
    const outputs = [...before.outputs, output];
    return {
      outputs: [output],
      ...(verdict && { verdict: withoutAnswer(verdict) }),
      ...(to === end
        ? finish(outputs.findLast((each) => each.stage === answer) ?? output, before, scope) // the `answer` stage may not have run
        : { next: to }),
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

function finish({ message, stage, modelUsed = stage }: StageOutput, state: OrchestrationState, scope: Scope) {
  const { confidence = null } = orchestrationOf(message) ?? {};
  return answered(state, scope, { message, modelUsed, confidence });
}
