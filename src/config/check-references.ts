import { complexities } from "../routing/detect-complexity.js";
import { checkGraphs } from "./check-graphs.js";
import type { ConfigFile } from "./config-file.js";
import { type Names, referring, type Telling } from "./refer.js";
import type { Complain } from "./text/problems.js";

/** Finds names in a file that nothing has, or two things have, and graphs that hold themselves. */
export function checkReferences(spec: ConfigFile, names: Names, complain: Complain): void {
  const { models, graphs, prompts, mcpServers, tiers } = names;
  const refer = referring(graphs, complain);
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
  const implied = [...(spec.fallback ? ["fallback"] : []), ...(spec.routing ? ["routing"] : [])];
  for (const name of implied.filter((each) => models.includes(each) || graphs.includes(each))) {
    complain([name], `becomes a graph called "${name}", and something else has that name; rename that`);
  }
  checkDefault(spec, [...models, ...graphs, ...implied], { refer, complain });
  for (const [tier, name] of Object.entries(spec.tiers ?? {})) {
    refer(name, models, "model", ["tiers", tier]);
    if (tier !== name && models.includes(tier)) {
      complain(["tiers", tier], `a model is called "${tier}" too, and routing would take this one; rename the tier`);
    }
  }
  for (const [role, { model }] of Object.entries(spec.roles ?? {}))
    refer(model, models, "model", ["roles", role, "model"]);
  const places = new Set<string>();
  for (const [index, name] of (spec.fallback ?? []).entries()) {
    refer(name, models, "model", ["fallback", index]);
    if (places.has(name)) complain(["fallback", index], `${name} is there twice; it is asked once`);
    places.add(name);
  }
  if (spec.routing !== undefined) {
    const targets = [...tiers, ...models];
    refer(spec.routing.default, targets, "tier or model", ["routing", "default"]);
    for (const [task, row] of Object.entries(spec.routing.table)) {
      for (const [column, name] of Object.entries(row)) {
        const cell = ["routing", "table", task, column];
        refer(column, complexities, "complexity", cell);
        refer(name, targets, "tier or model", cell);
      }
    }
  }
  checkGraphs(spec.graphs ?? {}, names, { refer, complain });
}

function checkDefault(
  { models, default: named }: ConfigFile,
  known: readonly string[],
  { refer, complain }: Telling,
): void {
  if (named !== undefined) refer(named, known, "model or graph", ["default"]);
  const marked = Object.keys(models).filter((name) => models[name]!.default === true);
  const first = named ?? marked[0];
  for (const name of marked.filter((each) => each !== first)) {
    complain(["models", name, "default"], `${first} is the default already`);
  }
}
