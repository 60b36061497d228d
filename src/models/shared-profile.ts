import type { ModelProfile } from "@langchain/core/language_models/profile";
import type { Runnable } from "@langchain/core/runnables";
import { settingsOf } from "../state/graph-settings.js";
import type { Prompt } from "../state/prompt.js";
import type { Capability } from "./model.js";
import type { ResolvedModel } from "./resolve.js";

/** Models of each graph by its builder, since a compiled graph does not expose them. */
const inside = new WeakMap<object, ResolvedModel[]>();

/** Registers a model of a graph. */
export function noteModel(builder: object, model: ResolvedModel): void {
  inside.set(builder, [...(inside.get(builder) ?? []), model]);
}

/** Lists the models of a graph, including nested patterns; `undefined` stands for the unknown models of a foreign graph. */
export function modelsIn(graph: Runnable): readonly (ResolvedModel | undefined)[] {
  const { builder } = graph as { readonly builder?: object };
  const models = builder && inside.get(builder);
  return models?.flatMap((model) => (model.subgraph === undefined ? [model] : modelsIn(model.subgraph))) ?? [undefined];
}

/** Merges the profiles of all models of a graph: the smallest known window, and capabilities that are known for each. */
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

/** Returns a string of nodes, prompts and model ids that distinguishes graphs with the same name across processes. */
export function fingerprintOf(graph: Runnable): string {
  const { nodes = {}, builder } = graph as { readonly nodes?: object; readonly builder?: object };
  const prompts = (builder && settingsOf(builder)?.prompts) ?? [];
  return JSON.stringify([
    Object.keys(nodes),
    modelsIn(graph).map((model) => [model?.modelId, model?.entry.parameters]),
    prompts.map(({ option, prompt }) => [option, textOf(prompt)]),
  ]);
}

/** Returns the text of a prompt; a template of another make is known by its variables. */
function textOf(prompt: Prompt): string {
  if (typeof prompt === "string") return prompt;
  const { toJSON } = prompt as { readonly toJSON?: unknown };
  return JSON.stringify(typeof toJSON === "function" ? prompt : prompt.inputVariables);
}
