import { OrchestrationError } from "../errors.js";
import {
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  type Model,
  type ModelEntry,
  type PatternGraph,
  type Stage,
  untilApproved,
} from "../index.js";
import type { Complain } from "./build-model.js";
import { type Find, toAggregate, toContext, toRoute, toVerify } from "./build-strategies.js";
import type { GraphSpec } from "./graph-spec.js";
import type { Path } from "./read-document.js";

/** What graphs are built of. */
export interface Parts {
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly specs: Readonly<Record<string, GraphSpec>>;
  readonly prompts: Readonly<Record<string, string>>;
  /** Where a graph's spec stands in the data. */
  readonly place: (graph: string) => Path;
}

/** Builds every graph with the library's own factories; what they refuse is a problem of the file. */
export function buildGraphs(parts: Parts, complain: Complain): Record<string, PatternGraph> {
  const { models, specs, place } = parts;
  const built = new Map<string, PatternGraph>();
  const underWay: string[] = [];

  function build(name: string): PatternGraph {
    const done = built.get(name);
    if (done !== undefined) return done;
    underWay.push(name);
    const graph = buildGraph(specs[name]!, find, parts);
    underWay.pop();
    built.set(name, graph);
    return graph;
  }

  function find(name: string): ModelEntry {
    if (Object.hasOwn(models, name)) return models[name]!;
    if (!Object.hasOwn(specs, name)) {
      const known = [...Object.keys(models), ...Object.keys(specs)].join(", ");
      throw new Refused(`there is no model or graph "${name}"; there are ${known}`);
    }
    const start = underWay.indexOf(name);
    if (start >= 0) throw new Refused(`a graph cannot hold itself: ${[...underWay.slice(start), name].join(" → ")}`);
    const { description } = specs[name]!;
    return { model: build(name), ...(description === undefined ? {} : { description }) };
  }

  for (const name of Object.keys(specs)) {
    try {
      build(name);
    } catch (error) {
      underWay.length = 0;
      if (!(error instanceof Refused) && !OrchestrationError.isInstance(error)) throw error;
      complain(place(name), error.message);
    }
  }
  return Object.fromEntries(built);
}

/** What a file asks for and cannot have. */
class Refused extends Error {}

type ModelsSpec = Extract<GraphSpec, { pattern: "router" }>["models"];

/** Nodes by name: a list names its nodes after what they are; an entry keeps its identity, and with it its limits. */
function nodes(spec: ModelsSpec, find: Find): Record<string, ModelEntry> {
  const pairs = Array.isArray(spec) ? spec.map((name) => [name, name] as const) : Object.entries(spec);
  const seen = new Set<string>();
  for (const [node] of pairs) {
    if (seen.has(node))
      throw new Refused(`"${node}" is there twice; give the nodes names: models: { first: ${node}, second: ${node} }`);
    seen.add(node);
  }
  return Object.fromEntries(pairs.map(([node, name]) => [node, find(name)]));
}

function buildGraph(spec: GraphSpec, find: Find, { prompts }: Parts): PatternGraph {
  switch (spec.pattern) {
    case "router": {
      const { pattern: _, description: __, models, route, verify, fallback, context } = spec;
      return createRouter({
        models: nodes(models, find),
        route: toRoute(route, find),
        ...(verify && { verify: toVerify(verify, find) }),
        ...spare(fallback, find),
        ...(context && { context: toContext(context, find) }),
      }) as PatternGraph;
    }
    case "cascade": {
      const { models, verify, fallback, onUnverified } = spec;
      return createCascade({
        models: nodes(models, find),
        verify: toVerify(verify, find),
        ...spare(fallback, find),
        ...(onUnverified && { onUnverified }),
      }) as PatternGraph;
    }
    case "fallback": {
      const { models, defaultResponse } = spec;
      return createFallback({
        models: nodes(models, find),
        ...(defaultResponse && { defaultResponse }),
      }) as PatternGraph;
    }
    case "ensemble": {
      const { models, aggregate, fallback, pattern: _, description: __, ...options } = spec;
      return createEnsemble({
        ...options,
        models: nodes(models, find),
        aggregate: toAggregate(aggregate, find),
        ...spare(fallback, find),
      }) as PatternGraph;
    }
    case "qualityGate": {
      const { model, verify, maxRevisions, fallback } = spec;
      return createQualityGate({
        model: find(model),
        verify: toVerify(verify, find),
        ...(maxRevisions === undefined ? {} : { maxRevisions }),
        ...spare(fallback, find),
      }) as PatternGraph;
    }
    case "pipeline": {
      const { stages, context, answer } = spec;
      const entries = Object.entries(stages).map(([name, stage]) => [name, toStage(stage, find, prompts)]);
      return createPipeline({
        stages: Object.fromEntries(entries) as Record<string, Model | Stage<string>>,
        ...(context && { context: toContext(context, find) }),
        ...(answer && { answer }),
      }) as PatternGraph;
    }
    case "mapReduce": {
      const { plan, worker, reduce, pattern: _, description: __, ...options } = spec;
      return createMapReduce({
        ...options,
        plan: find(plan),
        worker: find(worker),
        reduce: find(reduce),
      }) as PatternGraph;
    }
    case "experiment": {
      const { models, weights, stickyBy } = spec;
      return createExperiment({ models: nodes(models, find), weights, ...(stickyBy && { stickyBy }) }) as PatternGraph;
    }
  }
}

function spare(fallback: string | undefined, find: Find): { readonly fallback?: ModelEntry } {
  return fallback === undefined ? {} : { fallback: find(fallback) };
}

type StageSpec = Extract<GraphSpec, { pattern: "pipeline" }>["stages"][string];

function toStage(spec: StageSpec, find: Find, prompts: Parts["prompts"]): Stage<string> {
  if (typeof spec === "string") return find(spec);
  const { model, prompt, systemPrompt = prompt === undefined ? undefined : prompts[prompt], ...options } = spec;
  if (prompt !== undefined && systemPrompt === undefined) {
    throw new Refused(`there is no prompt "${prompt}"; there are ${Object.keys(prompts).join(", ") || "none"}`);
  }
  const entry = find(model);
  const { parameters, context, untilApproved: sendsBack, maxVisits } = options;
  return {
    ...entry,
    ...(systemPrompt === undefined
      ? {}
      : { systemPrompt: [entry.systemPrompt, systemPrompt].filter(Boolean).join("\n\n") }),
    ...(parameters === undefined ? {} : { parameters: { ...entry.parameters, ...parameters } }),
    ...(context && { context: toContext(context, find) }),
    ...(sendsBack && { next: untilApproved(sendsBack) }),
    ...(maxVisits && { maxVisits }),
  };
}
