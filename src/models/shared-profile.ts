import type { ModelProfile } from "@langchain/core/language_models/profile";
import type { Runnable } from "@langchain/core/runnables";
import type { Capability } from "./model.js";
import type { ResolvedModel } from "./resolve.js";

/** The models in each graph of this package, by its builder: a compiled graph does not tell. */
const inside = new WeakMap<object, ResolvedModel[]>();

/** Notes that a graph has a model in it. */
export function noteModel(builder: object, model: ResolvedModel): void {
  inside.set(builder, [...(inside.get(builder) ?? []), model]);
}

/** The models of a graph, those of patterns in it included; a graph that is not of this package counts as one nobody knows. */
export function modelsIn(graph: Runnable): readonly (ResolvedModel | undefined)[] {
  const { builder } = graph as { readonly builder?: object };
  const models = builder && inside.get(builder);
  return models?.flatMap((model) => (model.subgraph === undefined ? [model] : modelsIn(model.subgraph))) ?? [undefined];
}

/** What the models of a graph share: the smallest window that is known, and what is known of all of them. */
export function sharedProfile(graph: Runnable): ModelProfile {
  const models = modelsIn(graph);
  const windows = models.flatMap((model) => model?.contextWindow ?? []);
  const shared = (capability: Capability): boolean | undefined => {
    const able = models.map((model) => model?.capabilities[capability]);
    if (able.includes(false)) return false;
    return able.includes(undefined) ? undefined : true;
  };
  const formats = models.every((model) => model?.takesResponseFormat === true);
  const said = {
    maxInputTokens: windows.length > 0 ? Math.min(...windows) : undefined,
    toolCalling: shared("tools"),
    structuredOutput: formats ? shared("json") : undefined,
    imageInputs: shared("vision"),
    audioInputs: shared("audio"),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** What tells a graph from another one of the same name, in every process: its nodes and the ids of its models. */
export function fingerprintOf(graph: Runnable): string {
  const { nodes = {} } = graph as { readonly nodes?: object };
  return JSON.stringify([
    Object.keys(nodes),
    modelsIn(graph).map((model) => [model?.modelId, model?.entry.parameters]),
  ]);
}
