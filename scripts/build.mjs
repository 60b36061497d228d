// Builds the package twice, with the compiler alone: ES modules and CommonJS, each with its own types.
import { execFileSync } from "node:child_process";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const fresh = `${root}dist-${process.pid}`; // put in place when it is whole: a build that fails leaves the one before

/**
 * Declarations keep the comments, for editors, and those of the ES modules lead to the sources; the code goes without comments. Together
 * that keeps an install under its limit (scripts/package/check.ts).
 */
const partsOf = (format) => [
  ["--emitDeclarationOnly", "--declarationMap", String(format === "esm")],
  ["--declaration", "false", "--declarationMap", "false", "--removeComments"],
];

try {
  for (const [format, type] of [
    ["esm", "module"],
    ["cjs", "commonjs"],
  ]) {
    const outDir = `${fresh}/${format}`;
    for (const part of partsOf(format)) {
      const options = ["-p", `${root}tsconfig.${format}.json`, "--outDir", outDir, ...part];
      execFileSync(process.execPath, [compiler, ...options], { stdio: "inherit" });
    }
    writeFileSync(`${outDir}/package.json`, `${JSON.stringify({ type })}\n`);
  }
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
