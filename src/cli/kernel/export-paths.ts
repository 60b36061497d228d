import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

interface Manifest {
  readonly name?: string;
  readonly types?: string;
  readonly typings?: string;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const always = ["@langchain/langgraph", "langgraph-multimodel"];

/**
 * Lists the types of subpaths that only `exports` names, as compiler option `paths`: the compiler of tslab resolves like Node 10, which
 * ignores `exports`. Covers the project itself and its direct dependencies.
 *
 * @returns paths relative to the project
 */
export function exportPaths(project: string): Record<string, string[]> {
  const own = manifestOf(project);
  const names = new Set([...always, ...Object.keys({ ...own?.dependencies, ...own?.devDependencies })]);
  const folders = [...names].map((name) => [name, folderOf(name, project)] as const);
  const itself = own?.name === undefined ? [] : [[own.name, project] as const];
  return Object.fromEntries(
    [...folders, ...itself].flatMap(([name, folder]) => (folder === undefined ? [] : subpaths(name, folder, project))),
  );
}

function subpaths(name: string, folder: string, project: string): [string, string[]][] {
  const manifest = manifestOf(folder);
  const entries = Object.entries((manifest?.exports ?? {}) as Readonly<Record<string, unknown>>);
  const usual = ending(manifest?.types ?? manifest?.typings ?? "");
  const isOwn = folder === project;
  return entries.flatMap(([key, target]): [string, string[]][] => {
    const isPath = key.startsWith("./") && !/\.[a-z]+$/.test(key);
    if (!(isPath || (key === "." && (isOwn || usual === undefined))) || (!isOwn && isFound(folder, key))) return [];
    const files = typesIn(target).filter((file) => file.includes("*") || existsSync(join(folder, file)));
    // Two declarations of one class are different types, so a subpath needs the kind of declaration that the main entry has.
    const file = files.find((each) => ending(each) === usual) ?? files[0];
    if (file === undefined) return [];
    return [[name + key.slice(1), [relative(project, join(folder, file)).replaceAll("\\", "/")]]];
  });
}

const ending = (file: string) => /\.d\.[cm]?ts$/.exec(file)?.[0];

/** Lists the declaration files of one entry of `exports`, CommonJS first, because tslab loads with `require`. */
function typesIn(target: unknown): string[] {
  if (typeof target === "string") {
    return ending(target) === undefined ? [target.replace(/\.([cm]?)js$/, ".d.$1ts")] : [target];
  }
  if (Array.isArray(target)) return target.flatMap(typesIn);
  const conditions = (target ?? {}) as Readonly<Record<string, unknown>>;
  return ["types", "require", "node", "import", "default"].flatMap((name) => typesIn(conditions[name] ?? []));
}

/** Returns true when a compiler without `exports` finds the types of a subpath. */
function isFound(folder: string, key: string): boolean {
  return key !== "." && [".d.ts", "/index.d.ts", "/package.json"].some((end) => existsSync(join(folder, key + end)));
}

function folderOf(name: string, project: string): string | undefined {
  const paths = createRequire(join(project, "package.json")).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((path) => existsSync(join(path, "package.json")));
}

function manifestOf(folder: string): Manifest | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : undefined;
}
