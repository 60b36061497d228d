import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/port.js";

/** A running LangGraph development server. */
export interface LangGraphServer {
  readonly url: string;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Starts LangGraph's own development server over a folder with a `langgraph.json`, and waits until it answers.
 *
 * @param files by name; the folder is inside the project, so that they find its packages
 */
export async function startLangGraphServer(files: Readonly<Record<string, string>>): Promise<LangGraphServer> {
  mkdirSync(join(root, ".langgraph_api"), { recursive: true });
  const folder = mkdtempSync(join(root, ".langgraph_api/server-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = startProcess(folder, new URL(url).port);
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream?.on("data", (chunk) => (output += chunk));
  const exited = once(server, "exit");
  const stop = async () => {
    server.kill("SIGINT");
    const late = wait(5_000, undefined, { ref: false }).then(() => process.kill(-server.pid!, "SIGKILL"));
    await Promise.race([exited, late]);
    rmSync(folder, { recursive: true, force: true });
  };
  while (!(await isUp(url))) {
    if (server.exitCode !== null) throw new Error(`The server did not start:\n${output}`);
    await wait(50);
  }
  return { url, stop };
}

/** A process group of its own: the CLI starts others, and all of them have to go. */
function startProcess(folder: string, port: string): ChildProcess {
  const manifest = createRequire(import.meta.url).resolve("@langchain/langgraph-cli/package.json");
  const cli = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.langgraphjs);
  const flags = ["--config", join(folder, "langgraph.json"), "--host", "127.0.0.1", "--port", port];
  return spawn(process.execPath, [cli, "dev", ...flags, "--no-browser", "--no-reload"], {
    cwd: root,
    env: { ...process.env, LANGGRAPH_CLI_NO_ANALYTICS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ok`)).ok;
  } catch {
    return false;
  }
}
