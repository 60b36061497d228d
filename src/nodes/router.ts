import { isOutage } from "../calls/control-flow.js";
import { decide, type Site, type Sooner, soonerAround } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { NoRouteError, UnknownRouteError } from "../errors/index.js";
import { neededFor } from "../models/answer-options.js";
import { capabilitiesThatAre } from "../models/capabilities.js";
import type { NamedModel } from "../models/check-models.js";
import { classifyError } from "../resilience/classify-error.js";
import { claimProbe, observedLatency } from "../resilience/latency.js";
import { checkChoice, type RoutableModel, type Route, type RouteChoice } from "../routing/route.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { type Affinity, keeperOf } from "./affinity.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import type { Onward } from "./onward.js";
import { soonerOnward } from "./wait-for.js";

export interface RouterNodeOptions {
  /** @default "router" */
  readonly name?: string;
  readonly models: readonly NamedModel[];
  readonly route: Route;
  /** The way of an undecided run. */
  readonly onward: Onward;
  /** Keeps a choice for the runs that follow. @default for a tool loop only */
  readonly affinity?: Affinity | undefined;
}

/** A node that chooses which model answers, and records why. */
export function routerNode(options: RouterNodeOptions): OrchestrationNode {
  const { name: node = "router", models, route, onward, affinity } = options;
  const otherwise = onward.rungs[0]?.name;
  const names = models.map(({ name }) => name);
  const keeper = keeperOf({ affinity, names, otherwise });
  return nodeAt(node, async (state, site) => {
    const kept = keeper.goOn(site, state, models);
    if (kept !== undefined) return kept;
    let choice: Choice;
    try {
      choice = await choose(route, models, state, site, soonerOnward(site, onward, state));
    } catch (error) {
      if (!isOutage(error, site) || otherwise === undefined) throw error;
      choice = { name: undefined, reason: `the route failed (${classifyError(error).class})` };
    }
    const { name, reason } = choice;
    for (const { name, reason } of choice.skipped ?? []) decide(site, { kind: "skip", chosen: name, reason });
    const grounds = { candidates: names, ...groundsOf(choice) };
    if (name !== undefined) {
      if (!names.includes(name)) throw new UnknownRouteError(String(name), names);
      decide(site, { kind: "route", chosen: name, ...grounds, reason: `${reason}${keeper.unkept(site)}` });
      keeper.keep(site, name);
      return { route: name, next: name };
    }
    if (otherwise === undefined) {
      throw new NoRouteError(
        `No model was chosen: ${reason}. Give \`fallback\`, or end with firstOf(…, () => "${names[0]}").`,
      );
    }
    decide(site, { kind: "fallback", chosen: otherwise, ...grounds, reason });
    return { next: otherwise };
  });
}

/** A choice that says why. */
type Choice = RouteChoice & { readonly reason: string };

/** Asks a route, and says in words what it gave no reason for. */
export async function choose(
  route: Route,
  models: readonly NamedModel[],
  { messages }: OrchestrationState,
  site: Site,
  sooner: Sooner = soonerAround(site),
): Promise<Choice> {
  const { config, path } = site;
  const needs = neededFor(site.caller?.options);
  const turn = {
    messages,
    models: models.map(describe),
    needs,
    ask: askFrom(site, "router", { sooner }),
    config,
    path,
  };
  const choice = checkChoice(await route(turn), route.name || "route");
  const { name } = choice;
  const reason = name === undefined ? "the route made no decision" : `the route chose ${String(name)}`;
  return { ...choice, reason: choice.reason || reason };
}

/** What a choice rests on, as a decision has it. */
export function groundsOf({ label, scores, threshold }: RouteChoice) {
  return { ...(label && { label }), ...(scores && { scores }), ...(threshold !== undefined && { threshold }) };
}

function describe({ name, model }: NamedModel): RoutableModel {
  const { description, tier, tags } = model.entry;
  const { contextWindow } = model;
  const known = { description, tier, tags, contextWindow };
  return {
    name,
    price: model.price ?? null,
    latency: (percentile, patience) => observedLatency(model.client, percentile, { patience }),
    probe: () => claimProbe(model.client),
    ...(Object.keys(model.capabilities).length > 0 && {
      capabilities: capabilitiesThatAre(true, model.capabilities),
      unknownCapabilities: capabilitiesThatAre(undefined, model.capabilities),
    }),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}
