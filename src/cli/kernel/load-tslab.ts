import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { MissingPackageError } from "../../errors/index.js";
import { type Compiler, fitCompiler } from "./fit-compiler.js";
import { type Converters, fitConverter } from "./fit-converter.js";
import { fitHandler, type JupyterModule } from "./fit-handler.js";

/** The modules of tslab 1.0 that run cells and a kernel. */
export interface Tslab {
  readonly main: {
    startKernel(options: {
      readonly configPath: string;
      readonly enableFindLocal: boolean;
      readonly jsKernel: boolean;
      readonly globalVersion: string;
    }): void;
  };
  readonly converter: Converters;
  readonly executor: { createExecutor(folder: string, converters: unknown, console: Console): Executor };
  readonly jupyter: JupyterModule;
}

interface Executor {
  execute(source: string): Promise<boolean>;
}

export interface LoadTslabOptions {
  /** Folders to look in, and above. */
  readonly folders: readonly string[];
  /** Loads tslab as it is. @default false */
  readonly stock?: boolean;
}

/**
 * Loads an installed tslab and mends what keeps LangGraph from working in it. tslab reads no tsconfig and has no options, so its modules
 * are changed after loading.
 *
 * @throws {MissingPackageError} when tslab is not installed
 */
export function loadTslab({ folders, stock = false }: LoadTslabOptions): Tslab {
  const manifest = findTslab(folders);
  const require = createRequire(manifest);
  if (!stock) {
    const compilerFile = require.resolve("@tslab/typescript-for-tslab");
    const compiler = require(compilerFile) as Compiler;
    require.cache[compilerFile]!.exports = fitCompiler(compiler, process.cwd());
    fitConverter(require("./dist/converter.js") as Converters, compiler);
    fitHandler(require("./dist/jupyter.js") as JupyterModule);
  }
  return {
    main: require("./dist/main.js"),
    converter: require("./dist/converter.js"),
    executor: require("./dist/executor.js"),
    jupyter: require("./dist/jupyter.js"),
  };
}

/**
 * Finds the `package.json` of tslab from one of some folders.
 *
 * @throws {MissingPackageError} when it is not installed
 */
export function findTslab(folders: readonly string[]): string {
  for (const folder of folders) {
    const paths = createRequire(join(folder, "package.json")).resolve.paths("tslab") ?? [];
    const manifest = paths.map((path) => join(path, "tslab", "package.json")).find((path) => existsSync(path));
    if (manifest !== undefined) return realpathSync(manifest); // its own packages are beside it, not beside a link to it
  }
  throw new MissingPackageError("multimodel kernel", ["tslab"]);
}
