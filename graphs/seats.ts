import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ModelEntry } from "langgraph-multimodel";
import { type Config, loadConfig } from "langgraph-multimodel/config";
import { modelsFile } from "../scripts/models-file.mjs";
import { dear } from "./scripted-model.js";

/** A place a graph has for a model, and who sits there. */
export type Seat = ModelEntry & { readonly model: BaseChatModel };

const file = modelsFile();
const config = file === undefined ? undefined : await loadConfig(file);

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
