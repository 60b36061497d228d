import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./command-host.mjs", import.meta.url));

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line: a module that reads `process.argv` as it is loaded, and what it finds there. */
export interface CommandLine {
  readonly entry: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Reads each piece of stdout as it comes. */
  readonly onStdout?: (piece: string) => void;
  /** The module that keeps the secrets a command knows; they are forgotten before each. */
  readonly secrets?: string;
}

/** Runs command lines in one process that lives as long as this one; one that ends its process takes the next to a new one. */
export interface CommandHost {
  run(line: CommandLine): Promise<Ended>;
}

/** @param execArgv options of Node, such as the compiler that reads the entries */
export function createCommandHost(execArgv: readonly string[] = []): CommandHost {
  let host: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const start = () => {
    const child = fork(script, [], { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [...execArgv] });
    process.once("exit", () => child.kill());
    return child;
  };
  const run = async (line: CommandLine) => {
    host = host?.connected === true ? host : start();
    return runIn(host, line);
  };
  return {
    run: (line) => {
      const ended = last.then(() => run(line));
      last = ended.catch(() => {});
      return ended;
    },
  };
}

async function runIn(host: ChildProcess, { onStdout, ...line }: CommandLine): Promise<Ended> {
  const mark = `\u0000${randomUUID()}\u0000`;
  const ended = { stdout: "", stderr: "" };
  const stop = new AbortController();
  const texts = (["stdout", "stderr"] as const).map(
    (name) =>
      new Promise<void>((resolve) => {
        const read = (text: string) => {
          ended[name] += text;
          const piece = text.replace(mark, "");
          if (name === "stdout" && piece !== "") onStdout?.(piece);
          if (ended[name].endsWith(mark)) resolve();
        };
        host[name]!.setEncoding("utf8").on("data", read);
        stop.signal.addEventListener("abort", () => host[name]!.off("data", read));
      }),
  );
  const closed = once(host, "close", stop);
  const answered = once(host, "message", stop);
  for (const waiting of [closed, answered]) waiting.catch(() => {}); // ended by this function
  host.send({ input: "", ...line, mark });
  try {
    const done = Promise.all([answered, ...texts]).then(([[{ code }]]) => code as number);
    const code = await Promise.race([done, closed.then(([code]) => code as number | null)]);
    return { code, stdout: ended.stdout.replace(mark, ""), stderr: ended.stderr.replace(mark, "") };
  } finally {
    stop.abort();
  }
}
