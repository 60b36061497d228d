import type { AIMessage } from "@langchain/core/messages";
import { askStructured } from "../models/ask-structured.js";
import type { Site } from "../models/site.js";
import { end } from "../routing/next-stage.js";
import type { OrchestrationState, OrchestrationUpdate, Output } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";
import { answered } from "./answered.js";
import { chooseStage, type PipelineStage } from "./choose-stage.js";
import { contextPrompt, keepOutput } from "./context-prompt.js";
import { nodeAt, type OrchestrationNode } from "./node.js";

export interface StageNodeOptions {
  readonly stage: PipelineStage;
  /** All of them, in order. */
  readonly stages: readonly PipelineStage[];
  /** The stage whose output is returned. @default the last that ran */
  readonly answer?: string;
}

/** A node that does one stage of the work and says which one comes next. */
export function stageNode({ stage, stages, answer }: StageNodeOptions): OrchestrationNode {
  const { name, model, context, next } = stage;
  const { instruction, schema } = next ?? {};
  const last = stage === stages.at(-1) && next === undefined && (answer ?? name) === name;
  return nodeAt(name, async (before, site) => {
    const seen = await contextPrompt(context, { model, ...(instruction && { instruction }) }, before, site);
    const { message, modelUsed } = await askStructured(model, seen, site, {
      role: "answer",
      hidden: !last,
      returned: last,
      ...(instruction && { instruction }),
      ...(schema && { schema }),
    });
    const given: Output = { stage: name, message, ...(modelUsed === name ? {} : { modelUsed }) };
    const state = { ...before, outputs: [...before.outputs, given] };
    const { name: to, verdict } = await chooseStage(stage, stages, state, site);
    const output = verdict?.answer === undefined ? given : { ...given, message: verdict.answer };
    await keepOutput(context, model, before, output, site);
    return {
      outputs: [output],
      ...(verdict && { verdict: withoutAnswer(verdict) }),
      ...(to === end ? finish([...before.outputs, output], answer, before, site) : { next: to }),
    };
  });
}

function withoutAnswer({ answer: _rewritten, ...verdict }: Verdict): Verdict {
  return verdict;
}

/** Returns the output asked for; where that stage never ran, what the last one gave. */
function finish(
  outputs: readonly Output[],
  answer: string | undefined,
  state: OrchestrationState,
  site: Site,
): OrchestrationUpdate {
  const {
    message,
    stage,
    modelUsed = stage,
  } = outputs.findLast((output) => output.stage === answer) ?? outputs.at(-1)!;
  const { confidence = null } = orchestrationOf(message);
  return answered(state, site, { message, modelUsed, confidence });
}

/** What a pattern that ran as a stage says of its answer. */
function orchestrationOf({ response_metadata }: AIMessage): { readonly confidence?: number | null } {
  return (
    (response_metadata as { readonly orchestration?: { readonly confidence?: number | null } }).orchestration ?? {}
  );
}
