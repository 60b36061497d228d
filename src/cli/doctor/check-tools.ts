import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import type { ConfigFile } from "../../config/config-file.js";
import type { Finding } from "./finding.js";

/** Checks, without running them, that the commands of the file's MCP servers exist. */
export function checkTools({ mcpServers = {} }: ConfigFile): Finding[] {
  return Object.entries(mcpServers).flatMap(([name, server]): Finding[] => {
    if ("url" in server) return [];
    const { command, cwd = ".", env } = server;
    const ok = isCommand(command, cwd, env?.PATH ?? process.env.PATH ?? "");
    const what = `MCP server ${name}`;
    if (ok) return [{ state: "ok", what, found: `${command} is there` }];
    const remedy = `install ${command}, or fix mcpServers.${name}.command`;
    return [{ state: "note", what, found: `there is no command ${command}`, remedy }];
  });
}

function isCommand(command: string, cwd: string, path: string): boolean {
  const endings = process.platform === "win32" ? ["", ...(process.env.PATHEXT ?? ".EXE;.CMD").split(";")] : [""];
  const folders = isAbsolute(command) || /[\\/]/.test(command) ? [resolve(cwd)] : path.split(delimiter);
  return folders.some((folder) =>
    endings.some((ending) => isExecutable(isAbsolute(command) ? command + ending : join(folder, command + ending))),
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
