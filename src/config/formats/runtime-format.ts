import type { Remark } from "../text/problems.js";
import type { Path } from "../text/read-document.js";
import { type Data, isObject } from "../text/value-at.js";
import { leftOut } from "./foreign-fields.js";
import { type Origin, originBy } from "./origins.js";
import { runtimeModel } from "./runtime-model.js";
import { isRouter, runtimeRouter } from "./runtime-router.js";
import { type Entry, namedEntries, runtimePrompts, runtimeServers } from "./runtime-sections.js";
import { isPresent, type Translated, type Warning } from "./translated.js";

/** Sections of the format. */
export const runtimeSections: readonly string[] = ["runtime", "prompts", "mcp"];

/** Translates a `runtime` with a list of models, prompts by name, and `mcp.servers`. */
export function translateRuntime(data: Data, runtime: Data): Translated {
  const remarks = { problems: [] as Remark[], warnings: [] as Warning[] };
  const prompts = runtimePrompts(data.prompts, remarks);
  const servers = runtimeServers(data.mcp, remarks);
  const defaults: { readonly name: string; readonly path: Path }[] = [];
  const listed = listedModels(runtime, remarks);
  const routers = namedEntries(listed.filter(isRouter), ["graphs"], remarks.problems, (entry, places) => {
    const router = runtimeRouter(entry as Data, places);
    remarks.warnings.push(...router.warnings);
    return router;
  });
  const others = listed.filter((each) => !isRouter(each));
  const models = namedEntries(others, ["models"], remarks.problems, (entry, places, name) => {
    const model = runtimeModel(entry as Data, places, { prompts: prompts.data, servers: servers.data });
    remarks.warnings.push(...model.warnings);
    if (String((entry as Data).default) === "true") defaults.push({ name, path: [...places.theirs, "default"] });
    return model;
  });
  const chosen = isPresent(runtime.default_model)
    ? { name: runtime.default_model, path: ["runtime", "default_model"] }
    : (defaults[0] ?? { name: Object.keys(models.data)[0], path: ["runtime", "models"] });
  for (const { path } of defaults.filter(({ name }) => name !== chosen.name)) {
    remarks.warnings.push({ path, message: `is ignored; ${chosen.name} is the default` });
  }
  const origins: Origin[] = [
    [["models"], ["runtime", "models"]],
    ...[...prompts.origins, ...servers.origins, ...models.origins, ...routers.origins],
    [["default"], chosen.path],
  ];
  const texts = Object.fromEntries(Object.entries(prompts.data).filter(([, text]) => text !== ""));
  const graphs = Object.keys(routers.data).length > 0 && { graphs: routers.data };
  const own = { models: models.data, prompts: texts, mcpServers: servers.data, ...graphs };
  const isNone = chosen.name === undefined;
  return { data: isNone ? own : { ...own, default: chosen.name }, place: originBy(origins), ...remarks };
}

/** Returns the models of a list or map, or the single one that older files write into `runtime` itself. */
function listedModels(runtime: Data, { warnings }: { readonly warnings: Warning[] }): readonly Entry[] {
  const { models, default_model: _default, ...others } = runtime;
  if (!isPresent(models) && isPresent(runtime.model)) return [{ path: ["runtime"], name: "default", entry: others }];
  warnings.push(...leftOut(others, ["runtime"]));
  const at = (key: string | number) => ["runtime", "models", key];
  if (isObject(models)) {
    return Object.entries(models).map(([name, entry]) => ({
      path: at(name),
      name: isObject(entry) ? (entry.name ?? name) : undefined,
      entry,
    }));
  }
  return [models ?? []]
    .flat()
    .map((entry, index) => ({ path: at(index), name: isObject(entry) ? entry.name : undefined, entry }));
}
