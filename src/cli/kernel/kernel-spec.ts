import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface KernelSpecOptions {
  readonly name: string;
  /** Folder on Jupyter's path; without one, that of the user. */
  readonly folder?: string;
}

/**
 * Writes the `kernel.json` that lets Jupyter start this package's kernel. In a folder of the project its paths are relative, so that it
 * can be committed; for the user they are absolute, because Jupyter may be started without the PATH of a shell.
 *
 * @returns the folder of the kernel
 */
export function writeKernelSpec({ name, folder }: KernelSpecOptions): string {
  const place = join(folder === undefined ? userFolder() : resolve(folder), "kernels", name);
  const main = fileURLToPath(new URL("../main.js", import.meta.url));
  const start =
    folder === undefined
      ? [process.execPath, main]
      : ["node", `{resource_dir}/${relative(place, main).replaceAll("\\", "/")}`];
  const spec = {
    argv: [...start, "kernel", "--connection", "{connection_file}"],
    display_name: "TypeScript (multimodel)",
    language: "typescript",
  };
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return place;
}

/** Returns where Jupyter looks for kernels of one user (`jupyter --data-dir`). */
function userFolder(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "win32" && APPDATA) return join(APPDATA, "jupyter");
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}
