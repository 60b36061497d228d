import type { ConfigFile } from "../../config/config-file.js";
import { providerOf } from "../../config/models/provider-of.js";
import { type Finding, usersOf } from "./finding.js";

/** Checks that the packages of the file's models are installed. */
export function checkPackages({ models }: ConfigFile): Finding[] {
  const needed = Object.entries(models).flatMap(([name, spec]) => {
    const tools = (spec.mcpServers ?? []).length > 0 ? ["langchain", "@langchain/mcp-adapters"] : [];
    return [providerOf(spec).package, ...tools].map((each) => [each, name] as const);
  });
  return [...usersOf(needed)].map(([what, users]) => {
    const by = users.join(", ");
    if (isInstalled(what)) return { state: "ok", what, found: `installed, for ${by}` };
    return { state: "note", what, found: `not installed, for ${by}`, remedy: `npm install ${what}` };
  });
}

/** Returns whether a package can be imported. */
export function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
