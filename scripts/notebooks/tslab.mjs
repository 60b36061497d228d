// Loads the tslab of this repository: as it is, or with compiler options that fit LangGraph and zod 4.
// tslab reads no tsconfig and has no option for any of this (1.0.22), so the options are put in where it hands them to its compiler.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const require = createRequire(import.meta.url);
const compilerFile = createRequire(require.resolve("tslab/package.json")).resolve("@tslab/typescript-for-tslab");

/** @param {{ stock?: boolean }} options `stock`: what a reader gets who installed tslab alone */
export function loadTslab({ stock = false } = {}) {
  if (!stock) {
    fitCompiler();
    fitConverter();
  }
  const [main, converter, executor, jupyter] = ["main", "converter", "executor", "jupyter"].map((part) =>
    require(`tslab/dist/${part}.js`),
  );
  return { main, converter, executor, jupyter };
}

/** `strict`, without which `graph.stream()` is typed Uint8Array, and the subpaths of LangGraph, which only `exports` names. */
function fitCompiler() {
  const compiler = require(compilerFile);
  const langgraph = "node_modules/@langchain/langgraph/dist/*";
  const added = {
    strict: true,
    pathsBasePath: root, // `baseUrl` would make it name types by paths that only it understands
    paths: {
      "langgraph-multimodel": ["dist/cjs/index.d.ts"],
      "langgraph-multimodel/*": ["dist/cjs/*/index.d.ts"],
      "@langchain/langgraph/*": [`${langgraph}/index.d.ts`, `${langgraph}.d.ts`],
    },
  };
  require.cache[compilerFile].exports = Object.create(compiler, {
    ...getters(compiler),
    createWatchCompilerHost: {
      enumerable: true,
      value: (files, options, ...rest) => compiler.createWatchCompilerHost(files, { ...options, ...added }, ...rest),
    },
  });
}

/** The compiler's exports are not writable, and tslab copies the enumerable ones. */
function getters(module) {
  return Object.fromEntries(
    Object.keys(module).map((name) => [name, { enumerable: true, configurable: true, get: () => module[name] }]),
  );
}

/** Two things tslab overlooks: that `for await` alone makes a cell asynchronous, and `{ small }` where `small` is of an earlier cell. */
function fitConverter() {
  const converter = require("tslab/dist/converter.js");
  const { createConverter } = converter;
  converter.createConverter = (options) => {
    const made = createConverter(options);
    return {
      ...made,
      convert(previous, source) {
        const converted = made.convert(previous, spellOut(source));
        return /\bfor\s+await\b/.test(source) ? { ...converted, hasToplevelAwait: true } : converted;
      },
    };
  };
}

/** Writes `{ small }` as `{ small: small }`, which is the same to everyone else. */
function spellOut(source) {
  const compiler = require(compilerFile);
  const names = [];
  const visit = (node) => {
    if (compiler.isShorthandPropertyAssignment(node) && node.objectAssignmentInitializer === undefined)
      names.push(node.name);
    compiler.forEachChild(node, visit);
  };
  visit(compiler.createSourceFile("cell.ts", source, compiler.ScriptTarget.ES2022));
  return names.reduceRight((text, { end, text: name }) => `${text.slice(0, end)}: ${name}${text.slice(end)}`, source);
}
