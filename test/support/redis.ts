import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./port.js";

/** Why there can be no Redis here; `undefined` where there can. */
export const noRedis = runs("redis-server") ? undefined : "redis-server is not installed";

/** A Redis server of its own: empty, on a free port, without a password. */
export interface RedisServer extends AsyncDisposable {
  /** `redis://127.0.0.1:…` */
  readonly url: string;
  /** Ends it as a crash does; `url` is then refused. */
  stop(): Promise<void>;
  /** Ends it as a crash does, and resolves to a function that starts it again with what it had written to its log. */
  crash(): Promise<() => Promise<void>>;
}

/** Starts a real Redis in a temporary folder; stop it, or declare it with `await using`. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  let server = await startIn(folder, port);
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const crash = async () => {
    await kill();
    return async () => {
      server = await startIn(folder, port);
    };
  };
  return { url: `redis://127.0.0.1:${port}`, stop, crash, [Symbol.asyncDispose]: stop };
}

async function startIn(folder: string, port: number): Promise<ChildProcess> {
  const log = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, ...log];
  const server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] });
  await ready(server);
  return server;
}

async function ready({ stdout }: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: stdout! })) {
    if (!line.includes("Ready to accept connections")) continue;
    stdout!.resume();
    return;
  }
  throw new Error("redis-server ended before it was ready");
}

function runs(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
