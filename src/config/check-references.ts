import { complexities } from "../routing/detect-complexity.js";
import { checkBudgets } from "./check-budgets.js";
import { checkGraphs } from "./check-graphs.js";
import { type ConfigFile, file } from "./config-file.js";
import { impliedGraphs } from "./implied-graphs.js";
import { mapValues } from "./map-values.js";
import { type Names, type Refer, referring } from "./refer.js";
import { nodesOf } from "./rows/graph.js";
import type { Complain } from "./text/problems.js";

/** Reports names that are unknown or defined twice, and graphs that contain themselves. */
export function checkReferences(spec: ConfigFile, names: Names, complain: Complain): void {
  const { models, graphs, prompts, mcpServers, tiers } = names;
  const refer = referring(graphs, complain);
  const nodes = mapValues(spec.graphs ?? {}, nodesOf);
  const known = {
    ...{ model: models, "tier or model": [...tiers, ...models], "model or graph": [...models, ...graphs] },
    ...{ prompt: prompts, "MCP server": mcpServers, complexity: complexities },
  };
  for (const { name, path, of } of file.references(spec, [])) {
    refer(name, of === "node" ? nodes[path[1]!]! : known[of], of, path);
  }
  for (const name of graphs.filter((each) => models.includes(each))) {
    complain(["graphs", name], `a model is also called "${name}"; rename one of them, since requests choose by name`);
  }
  for (const [name, model] of Object.entries(spec.models)) {
    if (model.prompt !== undefined && model.systemPrompt !== undefined) {
      complain(["models", name, "systemPrompt"], "cannot stand beside prompt; write only one of them");
    }
  }
  for (const [name, { clients, mcpServers: granted }] of Object.entries(spec.models)) {
    if (clients !== undefined && granted !== undefined) {
      const why = "since the agent that calls the tools has one client; write only one of them";
      complain(["models", name, "mcpServers"], `cannot stand beside clients, ${why}`);
    }
  }
  const implied = Object.keys(impliedGraphs(spec));
  for (const name of implied.filter((each) => models.includes(each) || graphs.includes(each))) {
    complain([name], `becomes the graph "${name}", but another model or graph has that name; rename the other one`);
  }
  const all = [...models, ...graphs, ...implied];
  checkDefault(spec, all, refer, complain);
  checkTasks(spec, all, refer, complain);
  for (const [tier, name] of Object.entries(spec.tiers ?? {})) {
    if (tier !== name && models.includes(tier)) {
      complain(["tiers", tier], `a model is also called "${tier}", but routing would use the tier; rename the tier`);
    }
  }
  const tried = new Set<string>();
  for (const [index, name] of (spec.fallback ?? []).entries()) {
    if (tried.has(name)) complain(["fallback", index], `${name} is listed twice; remove one of them`);
    tried.add(name);
  }
  checkGraphs(spec.graphs ?? {}, names, complain);
  checkBudgets(spec, complain);
}

function checkDefault(spec: ConfigFile, known: readonly string[], refer: Refer, complain: Complain): void {
  const { models, default: named } = spec;
  if (named !== undefined) refer(named, known, "model or graph", ["default"]);
  const marked = Object.keys(models).filter((name) => models[name]!.default === true);
  const first = named ?? marked[0];
  for (const name of marked.filter((each) => each !== first)) {
    complain(["models", name, "default"], `${first} is already the default; remove one of them`);
  }
}

function checkTasks({ tasks = {} }: ConfigFile, known: readonly string[], refer: Refer, complain: Complain): void {
  for (const [name, { model, parameters = {}, ...task }] of Object.entries(tasks)) {
    if (model !== undefined) refer(model, known, "model or graph", ["tasks", name, "model"]);
    for (const both of ["temperature", "maxTokens"] as const) {
      if (task[both] === undefined || parameters[both] === undefined) continue;
      complain(["tasks", name, both], `cannot stand beside parameters.${both}; write only one of them`);
    }
  }
}
