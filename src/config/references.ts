import type { Complain } from "./build-model.js";
import type { ConfigFile } from "./config-file.js";

/** Finds names in a file that nothing has, or two things have. */
export function checkReferences(spec: ConfigFile, complain: Complain): void {
  const { models, graphs = {}, prompts = {}, mcpServers = {}, tiers = {}, roles = {}, fallback = [], routing } = spec;
  const known = (list: Readonly<Record<string, unknown>>) => Object.keys(list).join(", ") || "none";
  const refer = (
    name: string,
    to: Readonly<Record<string, unknown>>,
    what: string,
    path: readonly (string | number)[],
  ) => {
    if (!Object.hasOwn(to, name)) complain(path, `there is no ${what} "${name}"; there are: ${known(to)}`);
  };
  if (Object.keys(models).length === 0)
    complain(["models"], "there is no model; write one: fast: { provider: openai, model: gpt-4o-mini }");
  for (const [name, model] of Object.entries(models)) {
    const path = ["models", name];
    if (Object.hasOwn(graphs, name))
      complain(["graphs", name], `a model has the name "${name}" too; names are what requests choose by`);
    if (model.prompt !== undefined) refer(model.prompt, prompts, "prompt", [...path, "prompt"]);
    if (model.prompt !== undefined && model.systemPrompt !== undefined) {
      complain([...path, "prompt"], "is there beside systemPrompt; write one of them");
    }
    for (const [index, server] of (model.mcpServers ?? []).entries()) {
      refer(server, mcpServers, "MCP server", [...path, "mcpServers", index]);
    }
  }
  const defaults = Object.keys(models).filter((name) => models[name]!.default === true);
  for (const name of defaults.slice(1)) complain(["models", name, "default"], `${defaults[0]} is the default already`);
  if (spec.default !== undefined) refer(spec.default, { ...models, ...graphs }, "model or graph", ["default"]);
  for (const [tier, name] of Object.entries(tiers)) refer(name, models, "model", ["tiers", tier]);
  for (const [role, { model }] of Object.entries(roles)) refer(model, models, "model", ["roles", role, "model"]);
  fallback.forEach((name, index) => {
    refer(name, models, "model", ["fallback", index]);
    if (fallback.indexOf(name) < index) complain(["fallback", index], `${name} is there twice; it would be asked once`);
  });
  if (routing !== undefined) {
    const targets = { ...tiers, ...models };
    refer(routing.default, targets, "tier or model", ["routing", "default"]);
    for (const [task, row] of Object.entries(routing.table)) {
      for (const [complexity, name] of Object.entries(row)) {
        refer(name, targets, "tier or model", ["routing", "table", task, complexity]);
      }
    }
  }
  const taken = [["fallback", fallback.length > 0] as const, ["routing", routing !== undefined] as const];
  for (const [name, there] of taken) {
    if (there && (Object.hasOwn(graphs, name) || Object.hasOwn(models, name))) {
      complain([name], `becomes a graph called "${name}", and something else has that name; rename that`);
    }
  }
}
