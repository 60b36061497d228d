interface ModuleModule {
  createRequire(from: string): { resolve(name: string): string };
}
interface Runtime {
  readonly argv?: readonly string[];
  cwd?(): string;
  getBuiltinModule?(name: string): ModuleModule | undefined;
}

/**
 * Finds out whether a package is installed, without loading it: seen from the current folder, or from the program that runs.
 *
 * @returns undefined in a runtime that cannot say
 */
export function isInstalled(name: string): boolean | undefined {
  const runtime = globalThis.process as Runtime | undefined;
  const modules = runtime?.getBuiltinModule?.("node:module");
  if (modules?.createRequire === undefined || runtime?.cwd === undefined) return undefined;
  return [`${runtime.cwd()}/`, runtime.argv?.[1]].some((from) => {
    try {
      if (from === undefined) return false;
      modules.createRequire(from).resolve(name);
      return true;
    } catch (error) {
      return (error as { code?: string }).code === "ERR_PACKAGE_PATH_NOT_EXPORTED"; // installed, for `import` only
    }
  });
}
