import type { ConfigFile } from "../../config/config-file.js";
import { providerOf } from "../../config/providers.js";
import { type Finding, usersOf } from "./finding.js";

/** The usual keys that are there; nothing of them is shown. Those that are missing are problems of the file, with their lines. */
export function checkKeys({ models }: ConfigFile, environment: NodeJS.ProcessEnv = process.env): Finding[] {
  const used = Object.entries(models).flatMap(([name, spec]) => {
    const { keyVariable, otherKeyVariable } = providerOf(spec);
    const variable = [keyVariable, otherKeyVariable].find((each) => each !== undefined && environment[each]);
    return spec.apiKey !== undefined || variable === undefined ? [] : [[variable, name] as const];
  });
  return [...usersOf(used)].map(([what, by]) => ({ state: "ok", what, found: `set, for ${by.join(", ")}` }));
}
