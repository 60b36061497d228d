// Builds the package twice, with the compiler alone: ES modules and CommonJS, each with its own types.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { dropInnerDeclarations } from "./drop-inner-declarations.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const entries = Object.values(exports).flatMap((entry) => [entry.import?.types, entry.require?.types]);
const fresh = `${root}dist-${process.pid}`; // put in place when it is whole: a build that fails leaves the one before

try {
  for (const [format, type] of [
    ["esm", "module"],
    ["cjs", "commonjs"],
  ]) {
    const outDir = `${fresh}/${format}`;
    const compile = (...options) => {
      const project = [compiler, "-p", `${root}tsconfig.${format}.json`, "--outDir", outDir];
      execFileSync(process.execPath, [...project, ...options], { stdio: "inherit" });
    };
    compile("--emitDeclarationOnly"); // docstrings are read in the declarations, and reasons in `src`
    compile("--declaration", "false", "--declarationMap", "false", "--removeComments", "--noCheck");
    dropWhiteSpace(outDir);
    const own = entries.filter((entry) => entry?.startsWith(`./dist/${format}/`));
    dropInnerDeclarations(
      outDir,
      own.map((entry) => entry.slice(`./dist/${format}/`.length)),
    );
    writeFileSync(`${outDir}/package.json`, `${JSON.stringify({ type })}\n`);
  }
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** Drops white space of the JavaScript, a fifth of its size; names stay, and lines stay short enough for a stack trace. */
function dropWhiteSpace(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".js"))) {
    const file = join(folder, name);
    const { code } = transformSync(readFileSync(file, "utf8"), {
      ...{ minifyWhitespace: true, minifySyntax: true, lineLimit: 120, charset: "utf8", target: "es2022" },
    });
    writeFileSync(file, code);
  }
}
