import { isOutage } from "../calls/control-flow.js";
import type { Sooner } from "../calls/nesting.js";
import { decide, type Scope, soonerAround } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { strategyInTime } from "../calls/within-deadline.js";
import { NoRouteError, NotAllowedError, UnknownRouteError } from "../errors/index.js";
import { neededFor } from "../models/answer-options.js";
import { capabilitiesThatAre } from "../models/capabilities.js";
import type { NamedModel } from "../models/check-models.js";
import { classifyError } from "../resilience/classify-error.js";
import { canProbeLatency, claimLatencyProbe, observedLatency } from "../resilience/latency.js";
import { decidesEveryStep } from "../routing/every-step.js";
import { checkChoice, type RoutableModel, type Route, type RouteChoice } from "../routing/route.js";
import type { Decision } from "../state/decision.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { type Affinity, keeperOf } from "./affinity.js";
import type { NextOptions } from "./next-options.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { soonerNext } from "./wait-for.js";

export interface RouterNodeOptions {
  /** @default "router" */
  readonly name?: string;
  readonly models: readonly NamedModel[];
  readonly route: Route;
  /** Models for a run without a decision. */
  readonly nextOptions: NextOptions;
  /** Keeps a choice for later runs. @default for a tool loop only */
  readonly affinity?: Affinity | undefined;
}

export function routerNode(options: RouterNodeOptions): OrchestrationNode {
  const { name: node = "router", models, route, nextOptions, affinity } = options;
  const otherwise = nextOptions.tiers[0]?.name;
  const names = models.map(({ name }) => name);
  const keeper = keeperOf({ affinity, names, otherwise });
  return nodeAt(node, async (state, scope) => {
    const kept = decidesEveryStep(route) ? undefined : keeper.goOn(scope, state, models);
    if (kept !== undefined) return kept;
    let choice: Choice;
    try {
      choice = await choose(route, models, state, scope, soonerNext(scope, nextOptions, state));
    } catch (error) {
      const isLeft = otherwise !== undefined || (NotAllowedError.isInstance(error) && allowedIn(models, scope));
      if (!isOutage(error, scope) || !isLeft) throw error;
      choice = { name: undefined, reason: `the route failed (${classifyError(error).class})` };
    }
    const { name, reason } = choice;
    for (const { name, reason } of choice.skipped ?? []) decide(scope, { kind: "skip", chosen: name, reason });
    const grounds = { candidates: names, ...groundsOf(choice) };
    if (name !== undefined) {
      if (!names.includes(name)) throw new UnknownRouteError(String(name), names);
      const moved = insteadOf(name, options, scope);
      if (moved !== undefined) return moved;
      decide(scope, { kind: "route", chosen: name, ...grounds, reason: `${reason}${keeper.unkept(scope)}` });
      keeper.keep(scope, name);
      return { route: name, next: name };
    }
    if (otherwise === undefined) {
      const [limit] = scope.limits; // the classifier was not called for lack of money or time, or by a privacy rule
      const allowed = NotAllowedError.isInstance(limit) ? allowedIn(models, scope) : undefined;
      if (allowed !== undefined) return goTo(allowed, scope, { ...grounds, reason });
      if (limit !== undefined) throw limit;
      throw new NoRouteError(
        `No model was chosen: ${reason}. Give \`fallback\`, or end with firstOf(…, () => "${names[0]}").`,
      );
    }
    decide(scope, { kind: "fallback", chosen: otherwise, ...grounds, reason });
    return { next: otherwise };
  });
}

/** Sends a sensitive run to the first model that is allowed, where the one that was chosen is not, nor what stands in for it. */
function insteadOf(
  name: string,
  { models, nextOptions }: RouterNodeOptions,
  scope: Scope,
): OrchestrationUpdate | undefined {
  const { privacy } = scope;
  const barred = privacy?.barred(models.find((model) => model.name === name)!.model);
  if (barred === undefined) return undefined;
  const allowed = allowedIn(models, scope);
  if (allowed === undefined || nextOptions.tiers.some(({ model }) => privacy?.barred(model) === undefined))
    return undefined;
  decide(scope, { kind: "skip", chosen: name, reason: barred });
  return goTo(allowed, scope, { candidates: models.map((model) => model.name), reason: `${name} was skipped` });
}

/** Returns the first model that a marked run may call. */
function allowedIn(models: readonly NamedModel[], { privacy }: Scope): string | undefined {
  return models.find(({ model }) => privacy?.barred(model) === undefined)?.name;
}

function goTo(name: string, scope: Scope, why: Pick<Decision, "reason" | "candidates">): OrchestrationUpdate {
  decide(scope, {
    kind: "route",
    chosen: name,
    ...why,
    reason: `${why.reason}; ${name} is the first that privacy.allow allows`,
  });
  return { route: name, next: name };
}

type Choice = RouteChoice & { readonly reason: string };

/** Calls a route and fills in a missing reason. */
export async function choose(
  route: Route,
  models: readonly NamedModel[],
  state: OrchestrationState,
  scope: Scope,
  sooner: Sooner = soonerAround(scope),
): Promise<Choice> {
  const { rehearsal, config, path } = scope;
  if (rehearsal === undefined) return chosenBy(route, models, state, scope, sooner);
  const names = models.map(({ name }) => name);
  return rehearsal.choose(path, names, (choosing) => {
    const within = { ...config, configurable: { ...config.configurable, ...choosing } };
    return chosenBy(route, models, state, { ...scope, config: within }, sooner);
  });
}

async function chosenBy(
  route: Route,
  models: readonly NamedModel[],
  { messages }: OrchestrationState,
  scope: Scope,
  sooner: Sooner,
): Promise<Choice> {
  const { path } = scope;
  const needs = neededFor(scope.caller?.options);
  const turn = {
    messages,
    models: models.map((model) => routableModel(model, scope)),
    needs,
    ask: askFrom(scope, "router", { sooner }),
    state: scope.state,
    path,
  };
  const chosen = await strategyInTime(scope, (config) => route({ ...turn, config }));
  const choice = checkChoice(chosen, route.name || "route");
  const { name } = choice;
  const reason = name === undefined ? "the route made no decision" : `the route chose ${String(name)}`;
  return { ...choice, reason: choice.reason || reason };
}

export function groundsOf({ label, scores, threshold }: RouteChoice) {
  return { ...(label && { label }), ...(scores && { scores }), ...(threshold !== undefined && { threshold }) };
}

function routableModel({ name, model }: NamedModel, { rehearsal }: Scope): RoutableModel {
  const { description, quality, tier, tags } = model.entry;
  const { contextWindow } = model;
  const known = { description, quality, tier, tags, contextWindow };
  return {
    name,
    price: model.price ?? null,
    latency: (percentile, patience) => observedLatency(model.client, percentile, { patience }),
    probe: () => (rehearsal === undefined ? claimLatencyProbe : canProbeLatency)(model.client),
    ...(Object.keys(model.capabilities).length > 0 && {
      capabilities: capabilitiesThatAre(true, model.capabilities),
      unknownCapabilities: capabilitiesThatAre(undefined, model.capabilities),
    }),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}
