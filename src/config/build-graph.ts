import { RunnableLambda } from "@langchain/core/runnables";
import {
  type Affinity,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  type ModelEntry,
  type PatternGraph,
  type Stage,
  untilApproved,
} from "../index.js";
import { type Find, toAggregate, toContext, toRoute, toVerify } from "./build-strategies.js";
import type { GraphSpec, ModelsSpec, StageSpec } from "./graph-spec.js";

/** Stands in for what cannot be had, which is said elsewhere, so that the rest of a graph is checked all the same. */
export const placeholder = { model: RunnableLambda.from(() => "") } as unknown as ModelEntry;

/** An entry with the settings of a stage on top of its own. */
export type Variant = (name: string, entry: ModelEntry, settings: StageSpec) => ModelEntry;

/** What a graph is built of. */
export interface GraphParts {
  readonly find: Find;
  readonly variant: Variant;
  /** Gives a model that is to answer its tools; one that judges, routes or sums up is asked for a form, and has none. */
  readonly arm: Arm;
}

/** Makes another entry of that of a model: one with tools. */
export type Arm = (name: string, entry: ModelEntry) => ModelEntry;

/**
 * Builds a graph as the factory of its pattern does.
 *
 * @throws {OrchestrationError} what the factory throws
 */
export function buildGraph(spec: GraphSpec, parts: GraphParts): PatternGraph {
  const { pattern: _, description: __, ...rest } = spec;
  return build({ ...rest, pattern: spec.pattern } as GraphSpec, parts) as PatternGraph;
}

/** Any pattern, whatever its nodes are called. */
function build(spec: GraphSpec, { find, variant, arm }: GraphParts): unknown {
  const answering: Find = (name) => arm(name, find(name));
  const spare = "fallback" in spec && spec.fallback !== undefined ? { fallback: answering(spec.fallback) } : {};
  switch (spec.pattern) {
    case "router": {
      const { models, route, verify, onUnverified, context, affinity } = spec;
      return createRouter({
        models: nodes(models, answering),
        route: toRoute(route, find),
        ...(verify && { verify: toVerify(verify, find) }),
        ...(onUnverified && { onUnverified }),
        ...(context && { context: toContext(context, find) }),
        ...(affinity && { affinity: affinity as Affinity }),
        ...spare,
      });
    }
    case "cascade": {
      const { pattern: _, models, verify, ...options } = spec;
      return createCascade({
        ...options,
        models: nodes(models, answering),
        verify: toVerify(verify, find),
        ...spare,
      } as Parameters<typeof createCascade>[0]);
    }
    case "fallback": {
      const { pattern: _, models, ...options } = spec;
      return createFallback({ ...options, models: nodes(models, answering) });
    }
    case "ensemble": {
      const { pattern: _, fallback: __, models, aggregate, ...options } = spec;
      return createEnsemble({
        ...options,
        models: nodes(models, answering),
        aggregate: toAggregate(aggregate, find),
        ...spare,
      });
    }
    case "qualityGate": {
      const { pattern: _, fallback: __, model, verify, ...options } = spec;
      return createQualityGate({ ...options, model: answering(model), verify: toVerify(verify, find), ...spare });
    }
    case "pipeline": {
      const { stages, context, answer } = spec;
      const made = Object.entries(stages).map(
        ([name, stage]) => [name, toStage(stage, { find, variant, arm })] as const,
      );
      return createPipeline({
        stages: Object.fromEntries(made) as Record<string, Stage<string>>,
        ...(context && { context: toContext(context, find) }),
        ...(answer && { answer }),
      });
    }
    case "mapReduce": {
      const { pattern: _, plan, worker, reduce, ...options } = spec;
      return createMapReduce({ ...options, plan: find(plan), worker: answering(worker), reduce: answering(reduce) });
    }
    case "experiment": {
      const { pattern: _, fallback: __, models, ...options } = spec;
      return createExperiment({
        ...options,
        models: nodes(models, answering),
        ...spare,
      } as Parameters<typeof createExperiment>[0]);
    }
  }
}

/** Nodes by name: a list names its nodes after what they are; an entry keeps its identity, and with it its limits. */
function nodes(spec: ModelsSpec, find: Find): Record<string, ModelEntry> {
  const pairs = Array.isArray(spec) ? spec.map((name) => [name, name] as const) : Object.entries(spec);
  return Object.fromEntries(pairs.map(([node, name]) => [node, find(name)]));
}

function toStage(spec: string | StageSpec, { find, variant, arm }: GraphParts): Stage<string> {
  if (typeof spec === "string") return arm(spec, find(spec));
  const { model, context, untilApproved: reviewed, maxVisits } = spec;
  return {
    ...arm(model, variant(model, find(model), spec)),
    ...(context && { context: toContext(context, find) }),
    ...(reviewed && { next: untilApproved(reviewed) }),
    ...(maxVisits && { maxVisits }),
  };
}
