import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Fact, Measured, Task, UpstreamReady } from "./protocol.js";

/** Starts the upstream; `end` stops it. */
export async function startUpstream(): Promise<UpstreamReady & { end(): void }> {
  const child = start("./upstream.ts");
  const { port } = await told<UpstreamReady>(child);
  return { port, end: () => child.disconnect() };
}

/** Measures in a fresh process, so that each has its own heap and its own compiled code. */
export async function measureApart(task: Task, nodeOptions: readonly string[] = []): Promise<Measured[]> {
  const child = start("./worker.ts", nodeOptions);
  child.send(task);
  const measured = await told<Measured[]>(child);
  await once(child, "exit");
  return measured;
}

/** Measures what is no CPU, in a process of its own. */
export async function factsApart(port: number, starts = 10_000): Promise<Fact[]> {
  const child = start("./facts-worker.ts", ["--expose-gc"]);
  child.send({ port, starts });
  const facts = await told<Fact[]>(child);
  await once(child, "exit");
  return facts;
}

function start(file: string, nodeOptions: readonly string[] = []): ChildProcess {
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (/^LANG(SMITH|CHAIN)_/.test(name)) delete env[name];
  return fork(fileURLToPath(new URL(file, import.meta.url)), {
    env,
    execArgv: [...process.execArgv, ...nodeOptions],
  });
}

/** The next message of a child; a child that ends without one has failed. */
async function told<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as Message));
    child.once("exit", (code) => reject(new Error(`A process of the benchmark ended with code ${code}.`)));
  });
}
