import type { BaseMessage } from "@langchain/core/messages";
import type { Scope } from "../calls/scope.js";
import { shortage } from "../calls/shortage.js";
import type { Context } from "../context/context.js";
import { errorClasses, type Failure } from "../errors/index.js";
import { estimateMessages } from "../ledger/usage.js";
import { type AnswerOptions, neededFor, toolRefusal } from "../models/answer-options.js";
import { describeLack } from "../models/capabilities.js";
import { sameKey } from "../models/client.js";
import { unavailableNow } from "../models/pool.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Unavailable } from "../resilience/guard.js";
import { neededCapabilities } from "../routing/needed-capabilities.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";

/** Model node, and how often one run may visit it. */
export interface Tier {
  readonly name: string;
  readonly model: ResolvedModel;
  readonly visits: number;
  /** What the model sees of the conversation. @default all of it */
  readonly context?: Context;
  /** True when a verifier judges the answer, which then is a candidate and does not stream. */
  readonly verified?: boolean;
  readonly instruction?: string;
  /** True if its verifier reads log-probabilities. */
  readonly logprobs?: boolean;
  /** @default the conversation with the tool calls and results of earlier tiers */
  readonly prompt?: (state: OrchestrationState) => readonly BaseMessage[];
}

export interface NextModel {
  readonly tier: Tier | undefined;
  /** Milliseconds until the tier is healthy; `Infinity` if unknown. */
  readonly waitMs: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

type RunSoFar = Pick<OrchestrationState, "messages" | "candidates" | "failures" | "outputs">;

/**
 * Chooses the next model: the first in order without a reason to skip it, else the first that is not certain to fail, and among
 * models that are cooling down the one that is ready first.
 *
 * @param tiers models that may come next, in order
 * @param all every model of the pattern, to look up the failed ones
 * @param scope the node that chooses: call options of its caller, such as tools, and what the run may still spend
 */
export function nextModel(tiers: readonly Tier[], all: readonly Tier[], state: RunSoFar, scope?: Scope): NextModel {
  const attempts = attemptsIn(state);
  const models = modelsOf(all);
  const failed = state.failures.flatMap((failure) => {
    const model = models.get(failure.name);
    return model === undefined ? [] : [{ failure, model }];
  });
  const steps = stepsOf(state);
  const messages = steps.length === 0 ? state.messages : [...state.messages, ...steps];
  const skipped: (Unavailable & { readonly name: string; readonly tier: Tier })[] = [];
  for (const tier of tiers) {
    if ((attempts.get(tier.name) ?? 0) >= tier.visits) continue;
    const skipReason = skipReasonOf(tier, failed, messages, scope);
    if (skipReason === undefined) return { tier, waitMs: 0, skipped };
    skipped.push({ name: tier.name, tier, ...skipReason });
  }
  const possible = skipped.filter(({ final }) => !final);
  const isCooling = possible[0]?.waitMs !== undefined;
  const [best] = isCooling ? possible.toSorted((one, other) => readyAt(one) - readyAt(other)) : possible;
  return {
    tier: best?.tier,
    waitMs: best === undefined ? Infinity : readyAt(best),
    skipped: skipped.filter((skip) => skip !== best),
  };
}

const readyAt = ({ waitMs = Infinity }: Unavailable) => waitMs;

function attemptsIn({ candidates, failures }: RunSoFar): ReadonlyMap<string, number> {
  const attempts = new Map<string, number>();
  for (const list of [candidates, failures]) {
    for (const { name } of list) attempts.set(name, (attempts.get(name) ?? 0) + 1);
  }
  return attempts;
}

/** Models of a pattern by name, read once a pattern. */
const known = new WeakMap<readonly Tier[], ReadonlyMap<string, ResolvedModel>>();

function modelsOf(tiers: readonly Tier[]): ReadonlyMap<string, ResolvedModel> {
  const models = known.get(tiers) ?? new Map(tiers.toReversed().map(({ name, model }) => [name, model])); // the first of a name counts
  known.set(tiers, models);
  return models;
}

function skipReasonOf(
  { model, context }: Tier,
  failed: readonly { failure: Failure; model: ResolvedModel }[],
  messages: readonly BaseMessage[],
  scope: Scope | undefined,
): Unavailable | undefined {
  const wanted = scope?.caller?.options;
  for (const { failure, model: broken } of failed) {
    const skipReason = reasonAfter(failure, broken, model);
    if (skipReason !== undefined) return skipReason;
  }
  const barred = scope?.privacy?.barred(model);
  if (barred !== undefined) return { reason: barred, final: true };
  const short = scope && shortage(model, messages, scope);
  if (short !== undefined) return short;
  const unavailable = unavailableNow(model);
  if (unavailable !== undefined) return unavailable;
  const refusal = toolRefusal(model, wanted);
  if (refusal !== undefined) return { reason: refusal };
  return context === undefined ? unable(model, messages, wanted) : undefined; // a context decides later what the model sees
}

function reasonAfter(
  { class: kind, name }: Failure,
  broken: ResolvedModel,
  model: ResolvedModel,
): Unavailable | undefined {
  if (sameTarget(broken, model)) return { reason: `it is ${name} again, which failed (${kind})`, final: true };
  const sameProvider = broken.provider === model.provider;
  const { avoid } = errorClasses[kind];
  switch (avoid) {
    case "smaller_window":
      if (broken.contextWindow === undefined) return undefined;
      if (model.contextWindow === undefined) return { reason: "its context window is unknown" };
      if (model.contextWindow > broken.contextWindow) return undefined;
      return { reason: `its context window is no larger than that of ${name}, which overflowed`, final: true };
    case "provider":
      if (sameProvider && kind === "authentication") {
        const final = sameKey(broken.client, model.client);
        return { reason: `same provider as ${name}, which refused the key`, final };
      }
      return sameProvider ? { reason: `same provider as ${name}, which ended in ${kind}` } : undefined;
    case "model": {
      if (!sameProvider || model.modelId === undefined || broken.modelId !== model.modelId) return undefined;
      const final = sameKey(broken.client, model.client);
      return { reason: `same model as ${name}, which ended in ${kind}`, final };
    }
    case "client": // `sameTarget` covers it
    case "none":
      return undefined;
  }
}

function sameTarget(one: ResolvedModel, other: ResolvedModel): boolean {
  const { parameters, systemPrompt } = other.entry;
  return one.client === other.client && one.entry.parameters === parameters && one.entry.systemPrompt === systemPrompt;
}

function unable(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  wanted: AnswerOptions | undefined,
): Unavailable | undefined {
  const { contextWindow, capabilities } = model;
  if (contextWindow !== undefined && estimateMessages(messages) > contextWindow) {
    return {
      reason: `about ${estimateMessages(messages)} tokens do not fit its window of ${contextWindow}`,
    };
  }
  const needed = [...neededCapabilities(messages), ...neededFor(wanted)];
  const missing = needed.find((need) => capabilities[need] === false);
  return missing && { reason: describeLack(missing, model) };
}
