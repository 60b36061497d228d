import type { BaseMessage } from "@langchain/core/messages";
import { ModelCallError } from "../errors/index.js";
import type { Answer } from "../models/answer.js";
import { ask } from "../models/ask.js";
import { decide, type Site } from "../models/site.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";
import { answered } from "./answered.js";
import { contextPrompt, keepOutput } from "./context-prompt.js";
import { nextModel, type Rung } from "./next-model.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { exhausted, failureOf, goOnward, isLast, type Onward } from "./onward.js";
import { goOnInLoop, loopReason, makerAhead } from "./tool-loop.js";

export interface ModelNodeOptions {
  readonly rung: Rung;
  readonly onward: Onward;
  /** True when a verifier decides over the answer: it is then a candidate, and does not stream. */
  readonly verified: boolean;
  /** True where nothing judges a verified answer that nothing comes after: it is certain to be returned, so it streams. */
  readonly shownLast?: boolean;
  /** Added to the system message. */
  readonly instruction?: string;
  /** @default the conversation, with the tool results earlier tiers obtained */
  readonly prompt?: (state: OrchestrationState) => readonly BaseMessage[];
}

/** A node that asks one model, and knows where to go when it does not answer. */
export function modelNode(options: ModelNodeOptions): OrchestrationNode {
  const { rung, onward, verified, shownLast = false, instruction, prompt = conversation } = options;
  const others = { ...onward, rungs: onward.rungs.filter(({ name }) => name !== rung.name) };
  return nodeAt(rung.name, async (state, site) => {
    const skipped = skip(site, options, state);
    if (skipped !== undefined) return skipped;
    const { name, model, context } = rung;
    const last = shownLast && isLast(site, others, state);
    let answer: Answer;
    try {
      const reader = { model, steps: stepsOf(state), ...(instruction === undefined ? {} : { instruction }) };
      const messages = context === undefined ? prompt(state) : await contextPrompt(context, reader, state, site);
      answer = await ask(model, messages, site, {
        role: "answer",
        hidden: verified && !last,
        spare: !last && (onward.rungs.length > 0 || onward.otherwise !== undefined),
        ...(instruction === undefined ? {} : { instruction }),
      });
    } catch (error) {
      if (!ModelCallError.isInstance(error)) throw error; // interrupts and aborts are no failures
      return failed(site, options, state, error);
    }
    const { message, modelUsed, steps, confidence = null } = answer;
    const candidate = { name, message, modelUsed, ...(steps === undefined ? {} : { steps }) };
    if (verified) return { candidates: [candidate], verdict: undefined };
    if (context !== undefined) await keepOutput(context, model, state, { stage: name, message }, site);
    const update = answered(state, site, { message, modelUsed, confidence });
    return steps === undefined ? update : { ...update, candidates: [candidate] };
  });
}

/** The messages of the run and the tool calls earlier tiers made, so that no side effect runs twice. */
export function conversation(state: OrchestrationState): readonly BaseMessage[] {
  const { messages } = state;
  const steps = stepsOf(state);
  return steps.length === 0 ? messages : [...messages, ...steps];
}

/** Passes a model over that is cooling down, too small or unable, if the way ahead has a better one. */
function skip(
  site: Site,
  { rung, onward, verified }: ModelNodeOptions,
  state: OrchestrationState,
): OrchestrationUpdate | undefined {
  const maker = makerAhead(site, onward, state, rung);
  if (maker !== undefined) {
    if (verified) return { verdict: { pass: false, reason: loopReason(maker.name) } }; // the verifier sends it there
    return { next: goOnInLoop(site, maker) };
  }
  const ahead = nextModel([rung, ...onward.rungs], onward.all, state, site.caller?.options);
  const own = ahead.skipped.find(({ name }) => name === rung.name);
  if (own === undefined || ahead.rung === undefined) return undefined;
  decide(site, { kind: "skip", chosen: rung.name, reason: own.reason });
  const reason = `${rung.name} was skipped: ${own.reason}`;
  if (verified) return { verdict: { pass: false, reason } };
  const next = goOnward(site, onward, state, { reason });
  return next === undefined ? {} : { next };
}

function failed(
  site: Site,
  { rung, onward, verified }: ModelNodeOptions,
  before: OrchestrationState,
  error: ModelCallError,
): OrchestrationUpdate {
  const failure = failureOf(rung.name, error);
  const state = { ...before, failures: [...before.failures, failure] };
  if (!error.movesOn) throw error;
  const reason = `${rung.name} failed: ${failure.class}`;
  const spare = state.candidates.at(-1);
  if (verified) {
    const open =
      nextModel(onward.rungs, onward.all, state, site.caller?.options).rung !== undefined ||
      onward.otherwise !== undefined;
    if (!open && spare === undefined) throw exhausted(onward, state, error);
    return { failures: [failure], verdict: { pass: false, reason } };
  }
  const next = goOnward(site, onward, state, { reason });
  if (next !== undefined) return { failures: [failure], next };
  if (spare === undefined) throw exhausted(onward, state, error);
  decide(site, { kind: "accept", chosen: spare.name, reason: `${reason}; the last answer that came is returned` });
  const { message, modelUsed = spare.name, verdict } = spare;
  const update = answered(state, site, { message, modelUsed, confidence: verdict?.score ?? null });
  return { ...update, failures: [failure], verdict };
}
