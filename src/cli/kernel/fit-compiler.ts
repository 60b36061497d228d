import { exportPaths } from "./export-paths.js";
import { projectOf } from "./project-of.js";

/** The used part of TypeScript 5.0, which tslab contains. */
export interface Compiler {
  readonly ScriptTarget: { readonly ES2022: number };
  createWatchCompilerHost(files: unknown, options: object, ...rest: readonly unknown[]): unknown;
  createSourceFile(name: string, source: string, target: number): SyntaxNode;
  forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void;
  isShorthandPropertyAssignment(node: SyntaxNode): boolean;
}

export interface SyntaxNode {
  readonly end: number;
  readonly name?: { readonly end: number; readonly text: string };
  readonly objectAssignmentInitializer?: SyntaxNode;
}

/**
 * Returns a compiler that checks with `strict`, without which `graph.stream()` is typed Uint8Array, and finds the types of subpaths that
 * only `exports` names, such as `@langchain/langgraph/prebuilt`.
 */
export function fitCompiler(compiler: Compiler, folder: string): Compiler {
  const project = projectOf(folder);
  const added = {
    strict: true,
    pathsBasePath: project, // `baseUrl` would make it name types by paths that only it understands
    paths: exportPaths(project),
  };
  return Object.create(compiler, {
    ...getters(compiler),
    createWatchCompilerHost: {
      enumerable: true,
      value: (files: unknown, options: object, ...rest: readonly unknown[]) =>
        compiler.createWatchCompilerHost(files, { ...options, ...added }, ...rest),
    },
  }) as Compiler;
}

/** Defines getters, because the compiler's exports are not writable, and tslab copies the enumerable ones. */
function getters(module: object): PropertyDescriptorMap {
  return Object.fromEntries(
    Object.keys(module).map((name) => [
      name,
      { enumerable: true, configurable: true, get: () => module[name as keyof typeof module] },
    ]),
  );
}
