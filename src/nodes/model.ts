import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { ask } from "../calls/ask.js";
import { wasSent } from "../calls/call-failure.js";
import { timeLeft } from "../calls/means.js";
import { decide, isSoonerAround, othersAround, othersOf, type Scope, siblingPath } from "../calls/scope.js";
import { type Failure, ModelCallError } from "../errors/index.js";
import { outOfSteps, stepsLeft } from "../langgraph/step-limit.js";
import { lackOfLogprobs } from "../models/logprobs.js";
import { sleep } from "../resilience/retry.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";
import { carriesLogprobs } from "../verification/logprobs.js";
import { answered } from "./answered.js";
import { contextPrompt, keepOutput } from "./context-prompt.js";
import { returnedMessage } from "./drafts.js";
import { nextModel, type Tier } from "./next-model.js";
import {
  bestCandidate,
  failureOf,
  goToNext,
  isLast,
  lookAhead,
  type NextOptions,
  noAnswerError,
  ranOut,
  withinSteps,
} from "./next-options.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { continueLoop, loopReason, loopTier } from "./tool-loop.js";
import type { Judging } from "./verifier.js";
import { firstToWaitFor } from "./wait-for.js";

export interface ModelNodeOptions {
  readonly tier: Tier;
  readonly nextOptions: NextOptions;
  /** True if the last tier's answer is not judged; it then streams, because the run always returns it. @default false */
  readonly shownLast?: boolean;
  /** Judges the answer of a tier with a verifier that this node, which has none, waited for. @default it waits for no such tier */
  readonly judging?: Judging;
}

/**
 * Makes the node that calls one model and chooses the next node when the call fails. If no next model is healthy, it waits for the
 * model that recovers first - this one or one that failed earlier - and calls it under that model's name.
 */
export function modelNode({ tier: own, nextOptions, shownLast = false, judging }: ModelNodeOptions): OrchestrationNode {
  return nodeAt(own.name, async (before, scope) => {
    const passed = skipTier(scope, own, nextOptions, before);
    if (passed !== undefined) return passed;
    if (scope.rehearsal === undefined) for (const guard of own.model.guards) guard.claim?.(own.model.client);
    const alike = nextOptions.all.filter(({ verified }) => judging !== undefined || verified === own.verified); // a node without a verifier must not call a tier that needs one
    const failures: Failure[] = [];
    for (let tier = own, attempts = 0, waitedMs = 0; ; ) {
      const state = { ...before, failures: [...before.failures, ...failures] };
      let update: OrchestrationUpdate;
      try {
        update = await callTier(tier, { attempts, waitedMs, nextOptions, alike, shownLast }, state, scope);
      } catch (error) {
        if (!ModelCallError.isInstance(error)) throw error; // such as an interrupt or an abort
        if (!error.movesOn) throw error;
        const failure = failureOf(tier.name, error);
        failures.push(failure);
        const after = { ...state, failures: [...state.failures, failure] };
        const ahead = lookAhead(scope, nextOptions, after);
        const waiting = ahead.waitMs === 0 || !wasSent(error) ? undefined : firstToWaitFor(alike, after, scope);
        if (waiting && isSoonerAround(scope, failure, waiting.waitMs))
          throw noAnswerError(scope, nextOptions, after, error);
        const waitMs = waiting && Math.min(waiting.waitMs, ahead.waitMs);
        const inTime = waitMs === undefined || waitMs < timeLeft(scope.means);
        if (!inTime) throw noAnswerError(scope, nextOptions, after, error);
        const since = performance.now();
        if (waitMs !== undefined) await sleep(waitMs, [scope.config.signal]);
        waitedMs = performance.now() - since;
        if (waiting === undefined || ahead.waitMs < waiting.waitMs) {
          return {
            ...leaveTier(scope, own, nextOptions, after, `${tier.name} failed: ${failure.class}`, error),
            failures,
          };
        }
        const reason = `${tier.name} failed: ${failure.class}; ${waiting.tier.name} is asked again, after ${Math.ceil(waiting.waitMs)} ms`;
        if (waiting.tier !== tier) decide(scope, { kind: "fallback", chosen: waiting.tier.name, reason });
        ({ tier, attempts } = waiting);
        continue;
      }
      const isJudged = judging !== undefined && tier.verified === true;
      const ended = isJudged ? await judgedHere(judging, update, state, scope) : update;
      return { ...ended, ...(failures.length > 0 && { failures }) };
    }
  });
}

/** Judges an answer in the node that waited for it, since no edge leads from there to the verifier. */
async function judgedHere(
  judging: Judging,
  { candidates: answers, ...update }: OrchestrationUpdate,
  state: OrchestrationState,
  at: Scope,
): Promise<OrchestrationUpdate> {
  const added = Array.isArray(answers) ? answers : [];
  const scope = { ...at, node: "verifier", path: siblingPath(at, "verifier") };
  const after = { ...state, candidates: [...state.candidates, ...added], verdict: undefined };
  const { candidates: judged = [], ...verdict } = await judging(after, scope);
  return { ...update, ...verdict, candidates: Array.isArray(judged) ? [...added, ...judged] : judged };
}

interface TierCall extends Required<Pick<ModelNodeOptions, "nextOptions" | "shownLast">> {
  readonly attempts: number;
  /** Milliseconds waited since the last of them. */
  readonly waitedMs: number;
  /** Models that this node may wait for instead. */
  readonly alike: readonly Tier[];
}

async function callTier(
  tier: Tier,
  { attempts, waitedMs, nextOptions, alike, shownLast }: TierCall,
  state: OrchestrationState,
  at: Scope,
): Promise<OrchestrationUpdate> {
  const { name, model, context, verified = false, instruction, logprobs, prompt = conversation } = tier;
  const scope = { ...at, node: name, path: siblingPath(at, name) };
  const others = { ...nextOptions, tiers: nextOptions.tiers.filter((other) => other.name !== name) };
  const last = shownLast && isLast(scope, others, state);
  const said = instruction === undefined ? {} : { instruction };
  const reader = { model, steps: stepsOf(state), ...said };
  const messages = context === undefined ? prompt(state) : await contextPrompt(context, reader, state, scope);
  const {
    message,
    modelUsed,
    steps,
    confidence = null,
  } = await ask(model, messages, scope, {
    role: "answer",
    hidden: verified && !last,
    draft: true,
    material: verified,
    hasAlternative: !last && (nextOptions.tiers.length > 0 || nextOptions.otherwise !== undefined),
    attempts,
    waitedMs,
    others: () =>
      standsAlone(tier, nextOptions)
        ? othersAround(scope)
        : othersOf(scope, lookAhead(scope, others, state).waitMs === 0),
    candidate: answersOf(tier, nextOptions, state),
    sooner: (failure, waitMs) => {
      const { class: kind, retryAfterMs } = failure;
      const failures = [...state.failures, { name, class: kind, message: "", ...(retryAfterMs && { retryAfterMs }) }];
      const after = { ...state, failures };
      const { waitMs: ahead } = lookAhead(scope, nextOptions, after);
      const beside = alike.filter((other) => other !== tier);
      const next = Math.min(ahead, firstToWaitFor(beside, state, scope)?.waitMs ?? Infinity);
      return ahead === 0 || next < waitMs || isSoonerAround(scope, failure, waitMs);
    },
    ...said,
    ...(logprobs && { logprobs }),
  });
  if (logprobs) noteLack(scope, tier, message, nextOptions, state);
  const candidate = { name, message, modelUsed, ...(steps === undefined ? {} : { steps }) };
  if (verified) return { candidates: [candidate], verdict: undefined };
  if (context !== undefined) await keepOutput(context, model, state, { stage: name, message }, scope);
  const update = answered(state, scope, { message, modelUsed, confidence });
  return steps === undefined ? update : { ...update, candidates: [candidate] };
}

/** Returns true if no other client could answer in this pattern. */
function standsAlone({ model }: Tier, { alone, tiers, otherwise }: NextOptions): boolean {
  return alone === true && otherwise === undefined && tiers.every((other) => other.model.client === model.client);
}

/** Counts the answers that this run already has of a tier's model, under any name. */
function answersOf({ model }: Tier, { all }: NextOptions, { candidates }: OrchestrationState): number {
  const same = new Set(all.filter((tier) => tier.model.client === model.client).map((tier) => tier.name));
  return candidates.filter(({ name }) => same.has(name)).length;
}

/** Records why an answer carries no log-probabilities for its verifier, once per run and client. */
function noteLack(
  scope: Scope,
  { name, model }: Tier,
  message: AIMessage,
  { all }: NextOptions,
  { decisions }: OrchestrationState,
): void {
  const lack = carriesLogprobs(message) ? undefined : lackOfLogprobs(model);
  if (lack === undefined || scope.rehearsal !== undefined) return;
  const reason = `no log-probabilities: ${lack}`;
  const same = new Set(all.filter((tier) => tier.model.client === model.client).map((tier) => tier.name)); // a draft and its revision
  if (decisions.some((known) => same.has(known.chosen) && known.reason === reason)) return;
  decide(scope, { kind: "skip", chosen: name, reason });
}

/** Returns the messages with the tool calls and results of earlier tiers, so that no side effect runs twice. */
export function conversation(state: OrchestrationState): readonly BaseMessage[] {
  const { messages } = state;
  const steps = stepsOf(state);
  return steps.length === 0 ? messages : [...messages, ...steps];
}

/** Skips this model when it cannot serve the request and a later one can, or when no step is left. */
function skipTier(
  scope: Scope,
  tier: Tier,
  nextOptions: NextOptions,
  state: OrchestrationState,
): OrchestrationUpdate | undefined {
  if (stepsLeft(scope.config) < 0) {
    return leaveTier(scope, tier, nextOptions, state, outOfSteps(scope.config, `ask ${tier.name}`));
  }
  const maker = loopTier(scope, nextOptions, state, tier);
  if (maker !== undefined) {
    if (tier.verified) return { verdict: { pass: false, reason: loopReason(maker.name) } }; // the verifier goes on to that tier
    return { next: continueLoop(scope, maker) };
  }
  const others = withinSteps(scope, nextOptions, tier.verified ? 1 : 0).filter(({ name }) => name !== tier.name); // a verified tier reaches them through the verifier
  const ahead = nextModel([tier, ...others], nextOptions.all, state, scope);
  const own = ahead.skipped.find(({ name }) => name === tier.name);
  if (own === undefined || ahead.tier === undefined) return undefined;
  decide(scope, { kind: "skip", chosen: tier.name, reason: own.reason });
  return leaveTier(scope, tier, nextOptions, state, `${tier.name} was skipped: ${own.reason}`);
}

/** Goes on from a tier without an answer: to the verifier or the next node, else it returns the last answer of the run. */
function leaveTier(
  scope: Scope,
  { verified }: Tier,
  nextOptions: NextOptions,
  state: OrchestrationState,
  reason: string,
  error?: ModelCallError,
): OrchestrationUpdate {
  const latest = state.candidates.at(-1);
  if (verified) {
    const open = nextModel(withinSteps(scope, nextOptions), nextOptions.all, state, scope).tier !== undefined;
    if (!open && nextOptions.otherwise === undefined && latest === undefined)
      throw noAnswerError(scope, nextOptions, state, error);
    return { verdict: { pass: false, reason } };
  }
  const next = goToNext(scope, nextOptions, state, { reason });
  if (next !== undefined) return { next };
  if (latest === undefined) throw noAnswerError(scope, nextOptions, state, error);
  if (ranOut(scope, nextOptions, state) !== undefined) {
    const { name, message, modelUsed = name, verdict } = bestCandidate(state)!;
    return { ...answered(state, scope, { message, modelUsed, confidence: verdict?.score ?? null }), verdict };
  }
  decide(scope, { kind: "accept", chosen: latest.name, reason: `${reason}; the last answer that came is returned` });
  const { modelUsed = latest.name, verdict } = latest;
  const accepted = { message: returnedMessage(latest), modelUsed, confidence: verdict?.score ?? null };
  return { ...answered(state, scope, accepted), verdict };
}
