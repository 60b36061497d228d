import type { BaseMessage } from "@langchain/core/messages";
import type { Context } from "../context/context.js";
import { errorClasses, type Failure } from "../errors/index.js";
import { estimateMessages } from "../ledger/usage.js";
import { type AnswerOptions, neededFor, toolRefusal } from "../models/answer-options.js";
import { lackOf } from "../models/capabilities.js";
import { sameKey } from "../models/client.js";
import type { ResolvedModel } from "../models/resolve.js";
import { coolingDown } from "../resilience/cooldown.js";
import { neededCapabilities } from "../routing/needed-capabilities.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";

/** A node that may be asked, and how often in one run. */
export interface Tier {
  readonly name: string;
  readonly model: ResolvedModel;
  readonly visits: number;
  /** What it sees of the conversation. @default all of it */
  readonly context?: Context;
  /** True when a verifier decides over its answer: it is then a candidate, and does not stream. */
  readonly verified?: boolean;
  /** Added to the system message. */
  readonly instruction?: string;
  /** True where its verifier reads log-probabilities. */
  readonly logprobs?: boolean;
  /** @default the conversation, with the tool results earlier tiers obtained */
  readonly prompt?: (state: OrchestrationState) => readonly BaseMessage[];
}

/** Why a tier is passed over; `final` when asking it cannot help even if nothing else is left. */
interface SkipReason {
  readonly reason: string;
  readonly final: boolean;
  /** Milliseconds until it is none, where that is known. */
  readonly waitMs?: number;
}

export interface NextModel {
  readonly tier: Tier | undefined;
  /** Milliseconds until nothing speaks against it: 0 of a healthy one, `Infinity` where it is not known. */
  readonly waitMs: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

type Walked = Pick<OrchestrationState, "messages" | "candidates" | "failures" | "outputs">;

/**
 * Chooses which model is asked next: the first in order that nothing speaks against, else the first that is at least not
 * certain to fail; of those that are cooling down, the one that is ready first.
 *
 * @param tiers the models that may come next, in order
 * @param all every model of the pattern: what is known of the failed ones
 * @param wanted what the caller of the run asks of its answer
 */
export function nextModel(
  tiers: readonly Tier[],
  all: readonly Tier[],
  state: Walked,
  wanted?: AnswerOptions,
): NextModel {
  const failed = state.failures.flatMap((failure) => {
    const tier = all.find(({ name }) => name === failure.name);
    return tier === undefined ? [] : [{ failure, model: tier.model }];
  });
  const open = tiers.filter(({ name, visits }) => attemptsOn(name, state) < visits);
  const skipped: (SkipReason & { readonly name: string; readonly tier: Tier })[] = [];
  for (const tier of open) {
    const skipReason = skipReasonOf(tier, failed, [...state.messages, ...stepsOf(state)], wanted);
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

const readyAt = ({ waitMs = Infinity }: SkipReason) => waitMs;

function attemptsOn(name: string, { candidates, failures }: Walked): number {
  return [...candidates, ...failures].filter((attempt) => attempt.name === name).length;
}

function skipReasonOf(
  { model, context }: Tier,
  failed: readonly { failure: Failure; model: ResolvedModel }[],
  messages: readonly BaseMessage[],
  wanted: AnswerOptions | undefined,
): SkipReason | undefined {
  for (const { failure, model: broken } of failed) {
    const skipReason = reasonAfter(failure, broken, model);
    if (skipReason !== undefined) return skipReason;
  }
  const cooling = coolingDown(model.client, model.entry.coolDown);
  if (cooling !== undefined) {
    const { ms, class: kind } = cooling;
    return ms > 0
      ? { reason: `cooling down for ${Math.ceil(ms / 1_000)} s more (${kind})`, final: false, waitMs: ms }
      : { reason: `another run finds out whether it answers again (${kind})`, final: false };
  }
  const refusal = toolRefusal(model, wanted);
  if (refusal !== undefined) return { reason: refusal, final: false };
  return context === undefined ? unable(model, messages, wanted) : undefined; // what it will see is not known yet
}

function reasonAfter(
  { class: kind, name }: Failure,
  broken: ResolvedModel,
  model: ResolvedModel,
): SkipReason | undefined {
  if (sameTarget(broken, model)) return { reason: `it is ${name} again, which failed (${kind})`, final: true };
  const sameProvider = broken.provider === model.provider;
  const { avoid } = errorClasses[kind];
  switch (avoid) {
    case "smaller_window":
      if (broken.contextWindow === undefined) return undefined;
      if (model.contextWindow === undefined) return { reason: "its context window is unknown", final: false };
      if (model.contextWindow > broken.contextWindow) return undefined;
      return { reason: `its context window is no larger than that of ${name}, which overflowed`, final: true };
    case "provider":
      if (sameProvider && kind === "authentication") {
        const final = sameKey(broken.client, model.client);
        return { reason: `same provider as ${name}, which refused the key`, final };
      }
      return sameProvider ? { reason: `same provider as ${name}, which ended in ${kind}`, final: false } : undefined;
    case "model": {
      if (!sameProvider || model.modelId === undefined || broken.modelId !== model.modelId) return undefined;
      const final = sameKey(broken.client, model.client);
      return { reason: `same model as ${name}, which ended in ${kind}`, final };
    }
    case "client": // the same client with the same parameters is refused above
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
): SkipReason | undefined {
  const { contextWindow, capabilities } = model;
  if (contextWindow !== undefined && estimateMessages(messages) > contextWindow) {
    return {
      reason: `about ${estimateMessages(messages)} tokens do not fit its window of ${contextWindow}`,
      final: false,
    };
  }
  const needed = [...neededCapabilities(messages), ...neededFor(wanted)];
  const missing = needed.find((need) => capabilities[need] === false);
  return missing && { reason: lackOf(missing, model), final: false };
}
