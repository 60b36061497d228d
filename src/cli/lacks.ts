import { clientsOf, lacksOfModel } from "../config/models/model-clients.js";
import { providerOf } from "../config/models/provider-of.js";
import type { Spec } from "../config/read-spec.js";
import { isInstalled } from "./doctor/check-packages.js";

/** Returns what each model of a file lacks here: a key, a variable, a package. */
export function lacksOf({ spec, names, problems }: Spec): ReadonlyMap<string, readonly string[]> {
  const lacks = names.map((name) => {
    const model = Object.hasOwn(spec.models, name) ? spec.models[name] : undefined;
    const needed = model && providerOf(model).package;
    const packages = needed === undefined || isInstalled(needed) ? [] : [`needs a package; run: npm install ${needed}`];
    return [name, [...packages, ...lacksOfModel(name, model, problems).map(({ message }) => message)]] as const;
  });
  return new Map(lacks.filter(([, each]) => each.length > 0));
}

/** Returns what clients of a model's pool lack while others of the pool can be called. */
export function spareLacksOf({ spec, problems }: Spec, name: string): readonly string[] {
  const model = Object.hasOwn(spec.models, name) ? spec.models[name] : undefined;
  if (model?.clients === undefined || lacksOfModel(name, model, problems).length > 0) return [];
  return clientsOf(name, model).flatMap(({ label, part }) =>
    problems.lacksOf(part).map(({ message }) => `${label}: ${message}`),
  );
}
