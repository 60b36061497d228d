import { didYouMean } from "../models/nearest-name.js";
import type { ConfigFile } from "./config-file.js";
import { referencesOf, targetsOf } from "./graph-references.js";
import type { GraphSpec } from "./graph-spec.js";
import type { Complain } from "./problems.js";
import type { Path } from "./read-document.js";

/** Names there are, those of entries that cannot be read included. */
export type Names = Readonly<Record<"models" | "graphs" | "prompts" | "mcpServers" | "tiers", readonly string[]>>;

/** Finds names in a file that nothing has, or two things have, and graphs that hold themselves. */
export function checkReferences(spec: ConfigFile, names: Names, complain: Complain): void {
  const { models, graphs, prompts, mcpServers, tiers } = names;
  const refer = (name: string, known: readonly string[], what: string, path: Path) => {
    if (known.includes(name)) return;
    const hint = didYouMean(name, known) || `; there ${known.length === 0 ? "is none" : `are ${known.join(", ")}`}`;
    complain(path, `there is no ${what} "${name}"${hint}`);
  };
  for (const name of graphs.filter((each) => models.includes(each))) {
    complain(["graphs", name], `a model is called "${name}" too; rename one of them: requests choose by name`);
  }
  for (const [name, model] of Object.entries(spec.models)) {
    const path = ["models", name];
    if (model.prompt !== undefined) refer(model.prompt, prompts, "prompt", [...path, "prompt"]);
    if (model.prompt !== undefined && model.systemPrompt !== undefined) {
      complain([...path, "systemPrompt"], "is there beside prompt; write one of them");
    }
    for (const [index, server] of (model.mcpServers ?? []).entries()) {
      refer(server, mcpServers, "MCP server", [...path, "mcpServers", index]);
    }
  }
  const defaults = Object.keys(spec.models).filter((name) => spec.models[name]!.default === true);
  for (const name of defaults.slice(1)) complain(["models", name, "default"], `${defaults[0]} is the default already`);
  const implied = [...(spec.fallback ? ["fallback"] : []), ...(spec.routing ? ["routing"] : [])];
  for (const name of implied.filter((each) => models.includes(each) || graphs.includes(each))) {
    complain([name], `becomes a graph called "${name}", and something else has that name; rename that`);
  }
  if (spec.default !== undefined)
    refer(spec.default, [...models, ...graphs, ...implied], "model or graph", ["default"]);
  for (const [tier, name] of Object.entries(spec.tiers ?? {})) refer(name, models, "model", ["tiers", tier]);
  for (const [role, { model }] of Object.entries(spec.roles ?? {}))
    refer(model, models, "model", ["roles", role, "model"]);
  for (const [index, name] of (spec.fallback ?? []).entries()) {
    refer(name, models, "model", ["fallback", index]);
    if (spec.fallback!.indexOf(name) < index) complain(["fallback", index], `${name} is there twice; it is asked once`);
  }
  if (spec.routing !== undefined) {
    const targets = [...tiers, ...models];
    refer(spec.routing.default, targets, "tier or model", ["routing", "default"]);
    for (const [task, row] of Object.entries(spec.routing.table)) {
      for (const [column, name] of Object.entries(row))
        refer(name, targets, "tier or model", ["routing", "table", task, column]);
    }
  }
  for (const [graph, each] of Object.entries(spec.graphs ?? {})) {
    const path = ["graphs", graph];
    for (const { name, path: below } of referencesOf(each))
      refer(name, [...models, ...graphs], "model or graph", [...path, ...below]);
    if (each.pattern === "router") {
      const nodes = Array.isArray(each.models) ? each.models : Object.keys(each.models);
      for (const { name, path: below } of targetsOf(each.route, ["route"]))
        refer(name, nodes, "node", [...path, ...below]);
    }
    if (each.pattern === "pipeline") {
      for (const [stage, { prompt }] of Object.entries(each.stages).map(
        ([name, stage]) => [name, typeof stage === "string" ? ({} as { prompt?: string }) : stage] as const,
      )) {
        if (prompt !== undefined) refer(prompt, prompts, "prompt", [...path, "stages", stage, "prompt"]);
      }
    }
  }
  checkCycles(spec.graphs ?? {}, models, complain);
}

/** Complains once about each circle, where it closes. */
function checkCycles(graphs: Readonly<Record<string, GraphSpec>>, models: readonly string[], complain: Complain): void {
  const done = new Set<string>();
  const visit = (graph: string, trail: readonly string[]) => {
    if (done.has(graph)) return;
    const through = [...trail, graph];
    for (const { name, path } of referencesOf(graphs[graph]!).filter((each) => !models.includes(each.name))) {
      const start = through.indexOf(name);
      if (start >= 0)
        complain(
          ["graphs", graph, ...path],
          `a graph cannot hold itself: ${[...through.slice(start), name].join(" → ")}`,
        );
      else if (Object.hasOwn(graphs, name)) visit(name, through);
    }
    done.add(graph);
  };
  for (const graph of Object.keys(graphs)) visit(graph, []);
}
