import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, loadConfig } from "../config/index.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { findConfig } from "./find-config.js";
import { noteWarnings } from "./open-config.js";
import { findDevServer, freePort, startDevServer } from "./studio/dev-server.js";
import { writeStudioFolder } from "./studio/studio-folder.js";
import { withoutKeys } from "./terminal/terminal.js";

export interface StudioOptions {
  readonly config?: string;
  /** 0: a free one. */
  readonly port: number;
  readonly fresh?: boolean;
}

/** Runs `multimodel studio`: serves the graphs and models of a file to LangGraph Studio until Ctrl-C or SIGTERM. */
export async function studio({ config: given, port: wanted, fresh = false }: StudioOptions): Promise<ExitCode> {
  const command = findDevServer(process.cwd(), dirname(fileURLToPath(import.meta.url)));
  const file = resolve(findConfig(given));
  const env = join(dirname(file), ".env");
  if (existsSync(env)) process.loadEnvFile(env);
  const config = await loadConfig(file);
  noteWarnings(config);
  const port = await freePort(wanted);
  const names = namesOf(config);
  const folder = writeStudioFolder({ file, names, env, fresh });
  const server = startDevServer(command, { folder, port, reload: false });
  const signalled = stopSignal();
  try {
    const begun = await Promise.race([server.ready.then(() => "ready" as const), signalled]);
    if (begun === "ready") process.stdout.write(`${withoutKeys(banner(config, names, server.url))}\n`);
    const end = await Promise.race([signalled, server.ended]);
    return typeof end === "number" && end !== 0 ? exitCode.failed : exitCode.done;
  } finally {
    await server.stop("SIGTERM");
    if (fresh) rmSync(folder, { recursive: true, force: true });
  }
}

/** Lists graphs first, then models; a model with the name of a graph is left out. */
function namesOf({ graphs, models }: Config): string[] {
  return [...new Set([...Object.keys(graphs), ...Object.keys(models)])];
}

function banner({ file, graphs }: Config, names: readonly string[], url: string): string {
  const kind = (name: string) => (Object.hasOwn(graphs, name) ? "graph" : "model");
  return [
    "",
    `Studio  https://smith.langchain.com/studio?baseUrl=${url}`,
    `API     ${url}`,
    `File    ${file}; start again after a change`,
    ...names.map((name) => `  ${kind(name)}  ${name}`),
    "Stop with Ctrl-C",
    "",
  ].join("\n");
}

async function stopSignal(): Promise<"stopped"> {
  await Promise.race((["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => once(process, signal)));
  return "stopped";
}
