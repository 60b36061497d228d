import type { ConfigFile } from "../../config/config-file.js";
import { providers } from "../../config/providers.js";
import type { Finding } from "./finding.js";

/** Are the packages there that the providers of the file need? */
export function checkPackages({ models }: ConfigFile): Finding[] {
  const needed = new Map<string, string[]>();
  const need = (name: string, by: string) => needed.set(name, [...(needed.get(name) ?? []), by]);
  for (const [name, { provider, mcpServers = [] }] of Object.entries(models)) {
    need(providers[provider].package, name);
    if (mcpServers.length > 0) for (const each of ["langchain", "@langchain/mcp-adapters"]) need(each, name);
  }
  return [...needed].map(([name, by]) => {
    const ok = isInstalled(name);
    const found = `${ok ? "installed" : "not installed"}, for ${by.join(", ")}`;
    return { ok, what: name, found, ...(ok ? {} : { remedy: `npm install ${name}` }) };
  });
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
