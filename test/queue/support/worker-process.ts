import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../dist/esm/cli/main.js", import.meta.url));

/** A process of `multimodel worker` that takes items. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Lines of stderr so far. */
  readonly said: readonly string[];
  /** Resolves once a line has this text; throws when the process ends without it. */
  says(text: string): Promise<void>;
  /** Ends it as an operator does: it drains and closes its connections. Returns its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `multimodel worker`, and resolves once it takes items. */
export async function startWorker(folder: string, options: readonly string[]): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [main, "worker", ...options], {
    ...{ cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  });
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr! }).on("line", (line) => said.push(line));
  const ended = once(lines, "close");
  const exited = once(child, "exit");
  const says = async (text: string) => {
    while (!said.some((line) => line.includes(text))) {
      const isOver = await Promise.race([once(lines, "line").then(() => false), ended.then(() => true)]);
      if (isOver && !said.some((line) => line.includes(text))) throw new Error(`no "${text}" in:\n${said.join("\n")}`);
    }
  };
  await says("answers items of");
  const stop = async () => {
    child.kill("SIGTERM");
    const [code] = (await exited) as [number | null];
    await ended;
    return code;
  };
  return { child, said, says, stop };
}
