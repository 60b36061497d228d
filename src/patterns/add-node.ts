import type { Pregel } from "@langchain/langgraph";
import { DirectNode, type OrchestrationNode } from "../langgraph/direct.js";
import type { PatternGraph } from "../langgraph/pattern-graph.js";
import type { ResolvedModel } from "../models/resolve.js";
import { noteModel } from "../models/shared-profile.js";

/** Adds a node, with the graph behind its model as a subgraph, so that drawings can expand it. */
export function addNode(graph: PatternGraph, name: string, node: OrchestrationNode, model?: ResolvedModel): void {
  if (model !== undefined) noteModel(graph, model);
  const subgraphs = model?.subgraph === undefined ? {} : { subgraphs: [model.subgraph as Pregel<never, never>] };
  graph.addNode(name, new DirectNode(name, node), subgraphs);
}
