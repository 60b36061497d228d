import { ModelCallError, NoRouteError, UnknownRouteError } from "../errors/index.js";
import { neededFor } from "../models/answer-options.js";
import { capabilitiesThatAre } from "../models/capabilities.js";
import type { NamedModel } from "../models/check-models.js";
import { decide } from "../models/site.js";
import { askFrom } from "../models/turn.js";
import { claimProbe, observedLatency } from "../resilience/latency.js";
import { type RoutableModel, type Route, type RouteChoice, toChoice } from "../routing/route.js";
import { nodeAt, type OrchestrationNode } from "./node.js";

export interface RouterNodeOptions {
  /** @default "router" */
  readonly name?: string;
  readonly models: readonly NamedModel[];
  readonly route: Route;
  /** The node an undecided run goes to. */
  readonly otherwise?: string;
}

/** A node that chooses which model answers, and records why. */
export function routerNode({ name: node = "router", models, route, otherwise }: RouterNodeOptions): OrchestrationNode {
  const names = models.map(({ name }) => name);
  const routable = models.map(describe);
  return nodeAt(node, async (state, site) => {
    const { config, path } = site;
    const needs = neededFor(site.caller?.options);
    let choice: RouteChoice;
    try {
      choice = toChoice(
        await route({ messages: state.messages, models: routable, needs, ask: askFrom(site, "router"), config, path }),
      );
    } catch (error) {
      if (!ModelCallError.isInstance(error) || otherwise === undefined) throw error;
      choice = { name: undefined, reason: `the route failed (${error.class})` };
    }
    const { name, label, scores, threshold } = choice;
    for (const { name, reason } of choice.skipped ?? []) decide(site, { kind: "skip", chosen: name, reason });
    const reason =
      choice.reason || (name === undefined ? "the route made no decision" : `the route chose ${String(name)}`);
    const grounds = {
      candidates: names,
      ...(label && { label }),
      ...(scores && { scores }),
      ...(threshold !== undefined && { threshold }),
    };
    if (name !== undefined) {
      if (!names.includes(name)) throw new UnknownRouteError(String(name), names);
      decide(site, { kind: "route", chosen: name, ...grounds, reason });
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
