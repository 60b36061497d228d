// Builds the package twice, with the compiler alone: ES modules and CommonJS, each with its own types.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

rmSync(`${root}dist`, { recursive: true, force: true });
for (const format of ["esm", "cjs"]) {
  execFileSync(process.execPath, [compiler, "-p", `${root}tsconfig.${format}.json`], { stdio: "inherit" });
}
writeFileSync(`${root}dist/cjs/package.json`, `${JSON.stringify({ type: "commonjs" })}\n`);
writeFileSync(`${root}dist/esm/package.json`, `${JSON.stringify({ type: "module" })}\n`);
