import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How a run in another process ended. */
export interface EndedRun {
  readonly used?: string;
  readonly calls?: readonly string[];
  readonly decisions?: readonly string[];
  /** Name of the error it ended in. */
  readonly error?: string;
}

export interface Job {
  readonly graph: "breaker" | "limit" | "places" | "cache" | "budget";
  /** Runs started at once. */
  readonly runs: number;
}

/** A process that shares nothing but a Redis with the others. */
export interface Child {
  /** Resolves to the runs of a job; `undefined` if the process was killed before they ended. */
  run(job: Job): Promise<readonly EndedRun[] | undefined>;
  /** Ends it as the system does when memory is short: nothing is cleaned up. */
  kill(): void;
  stop(): Promise<void>;
}

/** Starts a process and waits until it can run jobs. */
export async function startChild(redisUrl: string, openaiUrl: string, name: string): Promise<Child> {
  const script = fileURLToPath(new URL("child.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, redisUrl, openaiUrl, name], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string | undefined;
  if ((await next()) === undefined) throw new Error("the process ended before it was ready");
  child.stdin.on("error", () => {}); // of a killed process
  return {
    run: async (job) => {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const line = await next();
      return line === undefined ? undefined : (JSON.parse(line) as EndedRun[]);
    },
    kill: () => child.kill("SIGKILL"),
    stop: () => stopped(child),
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
