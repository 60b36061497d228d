import type { ConfigFile } from "../../config/config-file.js";
import { providers } from "../../config/providers.js";
import type { Finding } from "./finding.js";

/** Are the keys there that the models of the file need? Nothing of a key is shown. */
export function checkKeys({ models }: ConfigFile, environment: NodeJS.ProcessEnv = process.env): Finding[] {
  const users = new Map<string, string[]>();
  for (const [name, { provider, apiKey, baseUrl }] of Object.entries(models)) {
    const { keyVariable } = providers[provider];
    const needless = keyVariable === undefined || (provider === "openai" && baseUrl !== undefined);
    if (apiKey === undefined && !needless) users.set(keyVariable, [...(users.get(keyVariable) ?? []), name]);
  }
  return [...users].map(([variable, by]) => {
    const ok = Boolean(environment[variable]?.trim());
    const found = `${ok ? "set" : "not set"}, for ${by.join(", ")}`;
    return { ok, what: variable, found, ...(ok ? {} : { remedy: `export ${variable}=…` }) };
  });
}
