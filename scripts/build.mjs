// Builds the package: ES modules file by file with the compiler, and of these CommonJS, in fewer files; each with its own types.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/utils";
import { dropInnerDeclarations } from "./drop-inner-declarations.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const entries = Object.values(exports).flatMap((entry) => entry.import?.default?.replace("./dist/esm/", "") ?? []);
const fresh = `${root}dist-${process.pid}`; // put in place when it is whole: a build that fails leaves the one before
const [esm, cjs] = [`${fresh}/esm`, `${fresh}/cjs`];

try {
  const compile = (...options) => {
    const project = [compiler, "-p", `${root}tsconfig.esm.json`, "--outDir", esm];
    execFileSync(process.execPath, [...project, ...options], { stdio: "inherit" });
  };
  compile("--emitDeclarationOnly"); // docstrings are read in the declarations, and reasons in `src`
  compile("--declaration", "false", "--declarationMap", "false", "--removeComments", "--noCheck");
  dropInnerDeclarations(
    esm,
    entries.map((entry) => entry.replace(/\.js$/, ".d.ts")),
  );
  await bundleCommonJs();
  copyDeclarations();
  shorten(esm);
  shorten(cjs);
  writeFileSync(`${esm}/package.json`, `${JSON.stringify({ type: "module" })}\n`);
  writeFileSync(`${cjs}/package.json`, `${JSON.stringify({ type: "commonjs" })}\n`);
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** Bundles the entries, which share what several of them need: half the size of a file for each source, and fewer files to load. */
async function bundleCommonJs() {
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry.replace(/\.js$/, ""), `${esm}/${entry}`])),
    external: (id) => !id.startsWith(".") && !id.startsWith(root) && !id.startsWith("@oxc-project/runtime/"), // the bundler's own helpers come along
    platform: "node",
    treeshake: { moduleSideEffects: false },
  });
  await bundle.write({
    dir: cjs,
    format: "cjs",
    exports: "named",
    dynamicImportInCjs: false, // an optional package is loaded in the format of the program, whose LangChain it shares
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
  });
  await bundle.close();
}

/** Copies the declarations, without the maps: an editor finds the sources by those of the ES modules. */
function copyDeclarations() {
  for (const name of readdirSync(esm, { recursive: true }).filter((each) => each.endsWith(".d.ts"))) {
    mkdirSync(dirname(join(cjs, name)), { recursive: true });
    cpSync(join(esm, name), join(cjs, name));
    const text = readFileSync(join(cjs, name), "utf8");
    writeFileSync(join(cjs, name), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
  }
}

/** Shortens the JavaScript by a third: no white space, short names of locals. Functions keep their names, and lines stay short for stack traces. */
function shorten(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".js"))) {
    const file = join(folder, name);
    const mangle = { toplevel: false, keepNames: true };
    const { code, errors } = minifySync(name, readFileSync(file, "utf8"), {
      module: folder === esm,
      compress: true,
      mangle,
    });
    if (errors.length > 0) throw errors[0];
    const broken = transformSync(code, { minifyWhitespace: true, lineLimit: 120, charset: "utf8", target: "es2022" });
    writeFileSync(file, broken.code);
  }
}
