import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The most an install may add beside the peers a user has. */
export const mostBytes = 12e6;

/** Sizes in bytes of all packages that an install brings with it, by name: dependencies, and theirs. */
export function dependencySizes(root: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const visit = (folder: string) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      if (sizes.has(name)) continue;
      const found = installed(name, folder);
      sizes.set(name, sizeOf(found));
      visit(found);
    }
  };
  visit(root);
  return sizes;
}

function installed(name: string, from: string): string {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return folder;
  if (dirname(from) === from) throw new Error(`${name} is not installed; run: npm ci`);
  return installed(name, dirname(from));
}

/** Bytes of a package's own files; what is nested in it is counted by its name. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    })
    .reduce((sum, size) => sum + size, 0);
}
