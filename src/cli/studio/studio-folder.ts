import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface StudioFolderOptions {
  /** The configuration file, as an absolute path. */
  readonly file: string;
  /** Names of its graphs and models. */
  readonly names: readonly string[];
  /** The `.env` the server reads. */
  readonly env: string;
  /** Makes a folder that is deleted at the end, threads included. */
  readonly fresh: boolean;
}

/**
 * Writes what the dev server reads, a `langgraph.json` and a module with the graphs, into `.langgraph_api/` of the current folder.
 *
 * @returns the folder
 */
export function writeStudioFolder({ file, names, env, fresh }: StudioFolderOptions): string {
  const parent = join(process.cwd(), ".langgraph_api");
  mkdirSync(join(parent, "multimodel"), { recursive: true });
  const folder = fresh ? mkdtempSync(join(parent, "fresh-")) : join(parent, "multimodel");
  const graphs = names.map((name, index) => [name, `./graphs.mjs:graph${index}`]);
  const config = { node_version: "20", graphs: Object.fromEntries(graphs), ...(existsSync(env) && { env }) };
  writeFileSync(join(folder, "langgraph.json"), `${JSON.stringify(config, null, 2)}\n`);
  writeFileSync(join(folder, "graphs.mjs"), moduleOf(file, names));
  writeFileSync(join(folder, ".gitignore"), "*\n# .langgraph_api\n"); // the dev server appends that name where it is missing
  linkPackage(folder, "@langchain/langgraph");
  return folder;
}

/** Links a package into the folder, since the dev server looks for it from there; a global installation is not above it. */
function linkPackage(folder: string, name: string): void {
  const require = createRequire(import.meta.url);
  const installed = require.resolve.paths(name)?.map((path) => join(path, name));
  const target = installed?.find((path) => existsSync(path));
  if (target === undefined) return;
  const link = join(folder, "node_modules", name);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(target, link, "junction");
}

function moduleOf(file: string, names: readonly string[]): string {
  const source = new URL("./studio-graphs.js", import.meta.url).href;
  return [
    "// Written by `multimodel studio`.",
    `import { studioGraphs } from ${JSON.stringify(source)};`,
    `const graphs = await studioGraphs(${JSON.stringify(file)});`,
    ...names.map((name, index) => `export const graph${index} = graphs[${JSON.stringify(name)}];`),
    "",
  ].join("\n");
}
