import type { BaseMessage } from "@langchain/core/messages";
import { ModelCallError } from "../errors.js";
import type { Answer } from "../models/answer.js";
import { ask } from "../models/ask.js";
import { decide, type Site, siteOf } from "../models/site.js";
import { keepCalls } from "../state/ledger.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { answered, written } from "./answered.js";
import { nextModel, type Rung } from "./next-model.js";
import type { OrchestrationNode } from "./node.js";
import { exhausted, failureOf, goOnward, type Onward } from "./onward.js";

export interface ModelNodeOptions {
  readonly rung: Rung;
  readonly onward: Onward;
  /** True when a verifier decides over the answer: it is then a candidate, and does not stream. */
  readonly verified: boolean;
  /** Added to the system message. */
  readonly instruction?: string;
  /** @default the conversation, with the tool results earlier tiers obtained */
  readonly prompt?: (state: OrchestrationState) => readonly BaseMessage[];
}

/** A node that asks one model, and knows where to go when it does not answer. */
export function modelNode(options: ModelNodeOptions): OrchestrationNode {
  const { rung, verified, instruction, prompt = conversation } = options;
  return async (state, config) => {
    const site = siteOf(rung.name, state, config);
    const skipped = skip(site, options, state);
    if (skipped !== undefined) return skipped;
    let answer: Answer;
    try {
      const hidden = verified;
      answer = await ask(rung.model, prompt(state), site, {
        role: "answer",
        hidden,
        ...(instruction === undefined ? {} : { instruction }),
      });
    } catch (error) {
      if (!ModelCallError.isInstance(error)) throw error; // interrupts and aborts are no failures
      return failed(site, options, state, error);
    }
    const { message, modelUsed, steps, confidence = null } = answer;
    if (!verified) return written(site, answered(state, site, { message, modelUsed, confidence }));
    const candidate = { name: rung.name, message, modelUsed, ...(steps === undefined ? {} : { steps: [...steps] }) };
    return written(site, { candidates: [candidate], verdict: undefined });
  };
}

/** The messages of the run and the tool calls earlier tiers made, so that no side effect runs twice. */
export function conversation({ messages, candidates }: OrchestrationState): readonly BaseMessage[] {
  const steps = candidates.flatMap((candidate) => candidate.steps ?? []);
  return steps.length === 0 ? messages : [...messages, ...steps];
}

/** Passes a model over that is cooling down, too small or unable, if the way ahead has a better one. */
function skip(
  site: Site,
  { rung, onward, verified }: ModelNodeOptions,
  state: OrchestrationState,
): OrchestrationUpdate | undefined {
  const ahead = nextModel([rung, ...onward.rungs], onward.all, state);
  const own = ahead.skipped.find(({ name }) => name === rung.name);
  if (own === undefined || ahead.rung === undefined) return undefined;
  decide(site, { kind: "skip", chosen: rung.name, reason: own.reason });
  const reason = `${rung.name} was skipped: ${own.reason}`;
  if (verified) return written(site, { verdict: { pass: false, reason } });
  const next = goOnward(site, onward, state, { reason });
  return written(site, next === undefined ? {} : { next });
}

function failed(
  site: Site,
  { rung, onward, verified }: ModelNodeOptions,
  before: OrchestrationState,
  error: ModelCallError,
): OrchestrationUpdate {
  const failure = failureOf(rung.name, error);
  const state = { ...before, failures: [...before.failures, failure] };
  if (!error.movesOn) throw keepCalls(error, [...state.calls, ...site.calls]);
  const reason = `${rung.name} failed: ${failure.class}`;
  const spare = state.candidates.at(-1);
  if (verified) {
    const open = nextModel(onward.rungs, onward.all, state).rung !== undefined || onward.otherwise !== undefined;
    if (!open && spare === undefined) throw exhausted(site, onward, state, error);
    return written(site, { failures: [failure], verdict: { pass: false, reason } });
  }
  const next = goOnward(site, onward, state, { reason });
  if (next !== undefined) return written(site, { failures: [failure], next });
  if (spare === undefined) throw exhausted(site, onward, state, error);
  decide(site, { kind: "accept", chosen: spare.name, reason: `${reason}; the last answer that came is returned` });
  const { message, modelUsed = spare.name, verdict } = spare;
  const update = answered(state, site, { message, modelUsed, confidence: verdict?.score ?? null });
  return written(site, { ...update, failures: [failure], verdict });
}
