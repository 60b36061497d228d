import type { BaseMessage } from "@langchain/core/messages";
import { ask } from "../calls/ask.js";
import { besidePath, decide, isSoonerAround, type Site } from "../calls/scope.js";
import { type Failure, ModelCallError } from "../errors/index.js";
import { outOfSteps, stepsLeft } from "../langgraph/step-limit.js";
import { claimProbe } from "../resilience/cooldown.js";
import { sleep } from "../resilience/retry.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";
import { answered } from "./answered.js";
import { contextPrompt, keepOutput } from "./context-prompt.js";
import { nextModel, type Rung } from "./next-model.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { exhausted, failureOf, goOnward, inReach, isLast, lookAhead, type Onward } from "./onward.js";
import { goOnInLoop, loopReason, makerAhead } from "./tool-loop.js";
import { firstToWaitFor } from "./wait-for.js";

export interface ModelNodeOptions {
  readonly rung: Rung;
  readonly onward: Onward;
  /** True where nothing judges a verified answer that nothing comes after: it is certain to be returned, so it streams. @default false */
  readonly shownLast?: boolean;
}

/**
 * A node that asks one model, and knows where to go when it does not answer. With nowhere healthy to go it waits for the model
 * that can be asked first again, itself or one the run has moved on from, and asks it under its own name.
 */
export function modelNode({ rung: own, onward, shownLast = false }: ModelNodeOptions): OrchestrationNode {
  return nodeAt(own.name, async (before, site) => {
    const passed = passOver(site, own, onward, before);
    if (passed !== undefined) return passed;
    claimProbe(own.model.client, own.model.entry.coolDown);
    const alike = onward.all.filter(({ verified }) => verified === own.verified); // what must be judged is not asked behind the verifier
    const failures: Failure[] = [];
    for (let rung = own, attempts = 0; ; ) {
      const state = { ...before, failures: [...before.failures, ...failures] };
      try {
        const update = await askRung(rung, { attempts, onward, alike, shownLast }, state, site);
        return { ...update, ...(failures.length > 0 && { failures }) };
      } catch (error) {
        if (!ModelCallError.isInstance(error)) throw error; // interrupts and aborts are no failures
        if (!error.movesOn) throw error;
        const failure = failureOf(rung.name, error);
        failures.push(failure);
        const after = { ...state, failures: [...state.failures, failure] };
        const ahead = lookAhead(site, onward, after);
        const waiting = ahead.waitMs === 0 ? undefined : firstToWaitFor(alike, after, site);
        if (waiting && isSoonerAround(site, failure, waiting.waitMs)) throw exhausted(site, onward, after, error);
        const waitMs = waiting && Math.min(waiting.waitMs, ahead.waitMs);
        if (waitMs !== undefined) await sleep(waitMs, [site.config.signal]);
        if (waiting === undefined || ahead.waitMs < waiting.waitMs) {
          return { ...unanswered(site, own, onward, after, `${rung.name} failed: ${failure.class}`, error), failures };
        }
        const reason = `${rung.name} failed: ${failure.class}; ${waiting.rung.name} is asked again, after ${Math.ceil(waiting.waitMs)} ms`;
        if (waiting.rung !== rung) decide(site, { kind: "fallback", chosen: waiting.rung.name, reason });
        ({ rung, attempts } = waiting);
      }
    }
  });
}

interface Asking extends Required<Pick<ModelNodeOptions, "onward" | "shownLast">> {
  /** Attempts on the model so far. */
  readonly attempts: number;
  /** The models that may be waited for in its place. */
  readonly alike: readonly Rung[];
}

async function askRung(
  rung: Rung,
  { attempts, onward, alike, shownLast }: Asking,
  state: OrchestrationState,
  at: Site,
): Promise<OrchestrationUpdate> {
  const { name, model, context, verified = false, instruction, prompt = conversation } = rung;
  const site = { ...at, node: name, path: besidePath(at, name) };
  const others = { ...onward, rungs: onward.rungs.filter((other) => other.name !== name) };
  const last = shownLast && isLast(site, others, state);
  const said = instruction === undefined ? {} : { instruction };
  const reader = { model, steps: stepsOf(state), ...said };
  const messages = context === undefined ? prompt(state) : await contextPrompt(context, reader, state, site);
  const {
    message,
    modelUsed,
    steps,
    confidence = null,
  } = await ask(model, messages, site, {
    role: "answer",
    hidden: verified && !last,
    spare: !last && (onward.rungs.length > 0 || onward.otherwise !== undefined),
    attempts,
    sooner: (failure, waitMs) => {
      const { class: kind, retryAfterMs } = failure;
      const failures = [...state.failures, { name, class: kind, message: "", ...(retryAfterMs && { retryAfterMs }) }];
      const after = { ...state, failures };
      const { waitMs: ahead } = lookAhead(site, onward, after);
      const beside = alike.filter((other) => other !== rung);
      const next = Math.min(ahead, firstToWaitFor(beside, state, site)?.waitMs ?? Infinity);
      return ahead === 0 || next < waitMs || isSoonerAround(site, failure, waitMs);
    },
    ...said,
  });
  const candidate = { name, message, modelUsed, ...(steps === undefined ? {} : { steps }) };
  if (verified) return { candidates: [candidate], verdict: undefined };
  if (context !== undefined) await keepOutput(context, model, state, { stage: name, message }, site);
  const update = answered(state, site, { message, modelUsed, confidence });
  return steps === undefined ? update : { ...update, candidates: [candidate] };
}

/** The messages of the run and the tool calls earlier tiers made, so that no side effect runs twice. */
export function conversation(state: OrchestrationState): readonly BaseMessage[] {
  const { messages } = state;
  const steps = stepsOf(state);
  return steps.length === 0 ? messages : [...messages, ...steps];
}

/** Passes a model over that is cooling down, too small or unable, if the way ahead has a better one; any, when no step is left. */
function passOver(site: Site, rung: Rung, onward: Onward, state: OrchestrationState): OrchestrationUpdate | undefined {
  if (stepsLeft(site.config) < 0) {
    return unanswered(site, rung, onward, state, outOfSteps(site.config, `ask ${rung.name}`));
  }
  const maker = makerAhead(site, onward, state, rung);
  if (maker !== undefined) {
    if (rung.verified) return { verdict: { pass: false, reason: loopReason(maker.name) } }; // the verifier sends it there
    return { next: goOnInLoop(site, maker) };
  }
  const others = inReach(site, onward, rung.verified ? 1 : 0).filter(({ name }) => name !== rung.name); // by way of the verifier
  const ahead = nextModel([rung, ...others], onward.all, state, site.caller?.options);
  const own = ahead.skipped.find(({ name }) => name === rung.name);
  if (own === undefined || ahead.rung === undefined) return undefined;
  decide(site, { kind: "skip", chosen: rung.name, reason: own.reason });
  return unanswered(site, rung, onward, state, `${rung.name} was skipped: ${own.reason}`);
}

/** Leaves a model that gave no answer: for the verifier or the way ahead, else with the last answer that came. */
function unanswered(
  site: Site,
  { verified }: Rung,
  onward: Onward,
  state: OrchestrationState,
  reason: string,
  error?: ModelCallError,
): OrchestrationUpdate {
  const spare = state.candidates.at(-1);
  if (verified) {
    const open = nextModel(inReach(site, onward), onward.all, state, site.caller?.options).rung !== undefined;
    if (!open && onward.otherwise === undefined && spare === undefined) throw exhausted(site, onward, state, error);
    return { verdict: { pass: false, reason } };
  }
  const next = goOnward(site, onward, state, { reason });
  if (next !== undefined) return { next };
  if (spare === undefined) throw exhausted(site, onward, state, error);
  decide(site, { kind: "accept", chosen: spare.name, reason: `${reason}; the last answer that came is returned` });
  const { message, modelUsed = spare.name, verdict } = spare;
  return { ...answered(state, site, { message, modelUsed, confidence: verdict?.score ?? null }), verdict };
}
