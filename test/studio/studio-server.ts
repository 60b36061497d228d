import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A running `npm run studio`. */
export interface StudioServer {
  readonly url: string;
  /** All it has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does. Resolves with its exit code when no process holds its output any more: all of them have gone. */
  stop(): Promise<number | null>;
}

const script = fileURLToPath(new URL("../../scripts/studio.mjs", import.meta.url));

/**
 * Starts the server on a free port, with a folder of its own, and waits until it answers.
 *
 * @param modelsFile the file its models come from; empty: they are scripted, whatever lies beside the graphs
 */
export async function startStudio(modelsFile = ""): Promise<StudioServer> {
  const server = spawn(process.execPath, [script, "--fresh", "--no-reload"], {
    env: { ...process.env, MODELS_FILE: modelsFile },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const closed = once(server, "close") as Promise<[number | null]>;
  let output = "";
  const announced = new Promise<string>((found, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const url = /^API +(\S+)$/m.exec(output)?.[1];
      if (url !== undefined) found(url);
    };
    for (const stream of [server.stdout, server.stderr]) stream?.on("data", read);
    server.on("close", () => failed(new Error(`The server did not start:\n${output}`)));
  });
  const stop = async () => {
    server.kill("SIGINT");
    const [code] = await closed;
    return code;
  };
  const url = await announced;
  while (!(await isUp(url))) await new Promise((resolve) => setImmediate(resolve));
  return { url, output: () => output, stop };
}

/** True while something answers there. */
export async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ok`)).ok;
  } catch {
    return false;
  }
}
