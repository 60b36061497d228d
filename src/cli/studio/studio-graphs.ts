import { loadConfig } from "../../config/index.js";
import { withTools } from "../../config/with-tools.js";
import { createFallback, type PatternGraph } from "../../index.js";

/**
 * Loads the graphs of a file for the dev server, under their names: the file's own graphs, and each model as a graph of one.
 * Runs in the server's process; MCP servers of the file end with it.
 */
export async function studioGraphs(file: string): Promise<Readonly<Record<string, PatternGraph>>> {
  const { models, graphs } = await withTools(await loadConfig(file));
  const single = Object.entries(models).map(([name, entry]) => [name, createFallback({ models: { [name]: entry } })]);
  return { ...Object.fromEntries(single), ...graphs };
}
