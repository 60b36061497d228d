import { providerOf } from "../config/models/provider-of.js";
import type { Spec } from "../config/read-spec.js";
import { isInstalled } from "./doctor/check-packages.js";

/** Returns what each model of a file lacks here: a key, a variable, a package. */
export function lacksOf({ spec, names, problems }: Spec): ReadonlyMap<string, readonly string[]> {
  const lacks = names.map((name) => {
    const needed = Object.hasOwn(spec.models, name) ? providerOf(spec.models[name]!).package : undefined;
    const packages = needed === undefined || isInstalled(needed) ? [] : [`needs a package; run: npm install ${needed}`];
    return [name, [...packages, ...problems.lacksOf(["models", name]).map(({ message }) => message)]] as const;
  });
  return new Map(lacks.filter(([, each]) => each.length > 0));
}
