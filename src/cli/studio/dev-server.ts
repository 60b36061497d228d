import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { MissingPackageError } from "../../errors/index.js";

/** A LangGraph dev server that runs. */
export interface DevServer {
  readonly url: string;
  /** Resolves once it answers; rejects if it ends before. */
  readonly ready: Promise<void>;
  /** Resolves with its exit code. */
  readonly ended: Promise<number>;
  /** Passes a signal on, and waits until every process of the server is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

export interface DevServerOptions {
  /** Folder with the `langgraph.json`; the server keeps its threads there. */
  readonly folder: string;
  readonly port: number;
  /** Restarts the server when `langgraph.json` or a graph changes. */
  readonly reload: boolean;
}

const host = "127.0.0.1";
const cliPackage = "@langchain/langgraph-cli";

/**
 * Finds the dev server of LangGraph from one of some folders.
 *
 * @throws {MissingPackageError} when it is not installed
 */
export function findDevServer(...folders: readonly string[]): string {
  for (const folder of folders) {
    const paths = createRequire(pathToFileURL(join(folder, "package.json"))).resolve.paths(cliPackage) ?? [];
    const manifest = paths.map((path) => join(path, cliPackage, "package.json")).find((path) => existsSync(path));
    if (manifest === undefined) continue;
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly bin: Readonly<Record<string, string>> };
    return join(dirname(manifest), bin.langgraphjs ?? Object.values(bin)[0]!);
  }
  throw new MissingPackageError("multimodel studio", [cliPackage]);
}

/** Returns the port, or a free one for 0; rejects if it cannot be used. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer().listen({ port: wanted, host });
  await once(probe, "listening");
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

/** Starts the server in a process group of its own, because its command line starts two more processes. */
export function startDevServer(command: string, { folder, port, reload }: DevServerOptions): DevServer {
  const url = `http://${host}:${port}`;
  const flags = ["--no-browser", "--host", host, "--port", String(port), ...(reload ? [] : ["--no-reload"])];
  const child = spawn(process.execPath, [command, "dev", "--config", join(folder, "langgraph.json"), ...flags], {
    cwd: folder,
    env: { LANGGRAPH_CLI_NO_ANALYTICS: "1", ...process.env },
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
  });
  const ended = once(child, "exit").then(([code]) => (typeof code === "number" ? code : 1));

  /** Returns false once no process of the server is left. */
  function send(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.platform === "win32" ? child.kill(signal) : process.kill(-child.pid!, signal);
    } catch {
      return false;
    }
  }

  return {
    url,
    ended,
    ready: Promise.race([untilUp(url), ended.then(refuseEnd)]),
    stop: async (signal) => {
      child.kill(signal); // to the command line alone: it lets the server write its threads, which a second signal would cut short
      for (let ms = 0; send(0) && ms < 6_000; ms += 20) {
        if (ms >= 5_000) send("SIGKILL");
        await wait(20);
      }
    },
  };
}

async function untilUp(url: string): Promise<void> {
  while (!(await isUp(url))) await wait(50, undefined, { ref: false });
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ok`)).ok;
  } catch {
    return false;
  }
}

function refuseEnd(code: number): never {
  throw new Error(`the dev server ended with code ${code} before it answered; its output above says why`);
}
