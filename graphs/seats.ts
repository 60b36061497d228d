import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ModelEntry } from "langgraph-multimodel";
import { type Config, loadConfig } from "langgraph-multimodel/config";
import { dear } from "./scripted-model.js";

/** A place a graph has for a model, and who sits there. */
export type Seat = ModelEntry & { readonly model: BaseChatModel };

const besides = ["./", "../"].flatMap((folder) => ["yaml", "yml", "json"].map((type) => `${folder}models.${type}`));

/** The file the models come from: `MODELS_FILE` (empty: none), else a `models.yaml` beside the graphs or `langgraph.json`. */
export function modelsFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.MODELS_FILE !== undefined) return env.MODELS_FILE || undefined;
  return besides.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
}

const file = modelsFile();
const config = file === undefined ? undefined : await loadConfig(file);
if (config !== undefined) console.info(`The graphs run on ${Object.keys(config.models).join(", ")} of ${file}`);

/** The scripted models as given or, with a `models.yaml`, its models in their places; what a graph asks of a seat stays. */
export function seats<Name extends string>(scripted: Readonly<Record<Name, Seat>>): Readonly<Record<Name, Seat>> {
  return config === undefined ? scripted : seated(scripted, config);
}

/**
 * Gives each seat the model, tier or role of its name. The others are taken in the order of the file: cheap seats from its first
 * model on, dear ones from its last one back, so a file that begins with its cheapest model fits.
 */
export function seated<Name extends string>(
  scripted: Readonly<Record<Name, Seat>>,
  { models, tiers, roles }: Pick<Config, "models" | "tiers" | "roles">,
): Readonly<Record<Name, Seat>> {
  const named = { ...roles, ...tiers, ...models };
  const all = Object.values(models);
  const taken = { cheap: 0, dear: 0 };
  const places = Object.entries<Seat>(scripted).map(([name, { model: _model, price, ...settings }]) => {
    const own = Object.hasOwn(named, name) ? named[name] : undefined;
    const entry = own ?? (price === dear ? all.at(-1 - (taken.dear++ % all.length)) : all[taken.cheap++ % all.length]);
    return [name, { ...entry, ...settings }];
  });
  return Object.fromEntries(places);
}
