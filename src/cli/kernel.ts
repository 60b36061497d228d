import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { writeKernelSpec } from "./kernel/kernel-spec.js";
import { findTslab, loadTslab } from "./kernel/load-tslab.js";

export interface KernelOptions {
  readonly name: string;
  readonly folder?: string;
  /** Connection file of Jupyter; starts the kernel instead of installing it. */
  readonly connection?: string;
}

/** Runs `multimodel kernel`: makes tslab, with its faults mended, a kernel of Jupyter; Jupyter starts it with `--connection`. */
export async function kernel({ name, folder, connection }: KernelOptions): Promise<ExitCode> {
  if (!/^[\w.-]+$/.test(name)) {
    throw new UsageError(`--name ${name} is not a kernel's name; use letters, digits, ".", "_" and "-"`);
  }
  const folders = [process.cwd(), dirname(fileURLToPath(import.meta.url))];
  if (connection === undefined) {
    findTslab(folders);
    process.stdout.write(`${installed(writeKernelSpec({ name, folder }), folder)}\n`);
  } else {
    loadTslab({ folders }).main.startKernel({
      configPath: connection,
      enableFindLocal: false,
      jsKernel: false,
      globalVersion: "",
    });
  }
  return exitCode.done;
}

function installed(place: string, folder: string | undefined): string {
  return [
    `The kernel is in ${place}`,
    ...(folder === undefined ? [] : [`Jupyter finds it there with JUPYTER_PATH=${folder}`]),
    'Choose "TypeScript (multimodel)" in a notebook whose folder has langgraph-multimodel installed.',
  ].join("\n");
}
