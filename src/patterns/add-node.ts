import type { Pregel } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors/index.js";
import { DirectNode, type OrchestrationNode } from "../langgraph/direct.js";
import type { PatternGraph } from "../langgraph/pattern-graph.js";
import { sharedKeys } from "../langgraph/shared-state.js";
import { modelPrompts } from "../models/model-prompts.js";
import type { ResolvedModel } from "../models/resolve.js";
import { noteModel } from "../models/shared-profile.js";
import { settingsOf } from "../state/graph-settings.js";
import { notedPrompts } from "../state/note-prompts.js";

/**
 * Adds a node, with the graph behind its model as a subgraph, so that drawings can expand it.
 *
 * @throws {InvalidOptionError} when the state has a key of the node's name
 */
export function addNode(graph: PatternGraph, name: string, node: OrchestrationNode, model?: ResolvedModel): void {
  const settings = settingsOf(graph);
  if (settings !== undefined && Object.hasOwn(settings.own, name)) {
    const expected = `the graph has a node of that name; call the key, or the model, something else`;
    throw new InvalidOptionError(`${settings.owner}.state.${name}`, settings.own[name], expected);
  }
  if (model !== undefined) noteModel(graph, model);
  if (model !== undefined) settings?.prompts.push(...modelPrompts(model, name));
  const { subgraph } = model ?? {};
  settings?.noteNode(name, subgraph === undefined ? [] : sharedKeys(subgraph, Object.keys(settings.own)));
  graph.addNode(name, new DirectNode(name, node, settings), subgraphsOf(model));
}

/** Adds the node of a model that has no part in the answer: what the graph can do, and what its prompts need, does not depend on it. */
export function addNodeBeside(graph: PatternGraph, name: string, node: OrchestrationNode, model: ResolvedModel): void {
  const settings = settingsOf(graph);
  settings?.noteNode(name, []);
  graph.addNode(name, new DirectNode(name, node, settings), subgraphsOf(model));
}

function subgraphsOf(model: ResolvedModel | undefined): { readonly subgraphs?: Pregel<never, never>[] } {
  return model?.subgraph === undefined ? {} : { subgraphs: [model.subgraph as Pregel<never, never>] };
}

/** Has the prompts of strategies checked as a run starts, before anything is paid. */
export function checksPrompts(graph: PatternGraph, strategies: readonly (object | undefined)[]): void {
  settingsOf(graph)?.prompts.push(...notedPrompts(strategies));
}
