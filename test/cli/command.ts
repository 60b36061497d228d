import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, vi } from "vitest";
import { type LoopbackServer, type LoopbackServerOptions, startLoopbackServer } from "../../src/testing/index.js";
import { createCommandHost, type Ended } from "../support/hosted-command.js";

vi.setConfig({ testTimeout: 600_000 }); // a process a command, on machines that are busy

/** The command as it is installed; `npm test` has built it. */
export const main = fileURLToPath(new URL("../../dist/esm/cli/main.js", import.meta.url));

const secrets = new URL("../secrets/known-secrets.js", pathToFileURL(main)).href;
const host = createCommandHost();

/** Keys no output may ever show: one with a prefix that tells what it is, one without. */
export const keys = { OPENAI_API_KEY: "sk-test-0123456789abcdef", GOOGLE_API_KEY: "plain-words-as-a-key" } as const;

/** A command that runs. */
export interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  /** Waits until stdout or stderr has a text. */
  says(text: string): Promise<void>;
  ended(): Promise<Ended>;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in; nothing is an empty stdin. */
  readonly input?: string;
}

/** A folder with a models.yaml over a loopback server, and the command in it. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly server: LoopbackServer;
  file(name: string, content: string): string;
  /** Starts a command in a process of its own: for signals, and what runs on. */
  start(args: readonly string[], options?: CommandOptions): Running;
  /** Runs a command to its end, in a process that has loaded the command line before. */
  run(args: readonly string[], options?: CommandOptions): Promise<Ended>;
}

export async function openPlace(
  config?: (server: LoopbackServer) => string,
  options?: LoopbackServerOptions,
): Promise<Place> {
  const server = await startLoopbackServer(options);
  const folder = mkdtempSync(join(tmpdir(), "multimodel-"));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  if (config !== undefined) file("models.yaml", config(server));
  const start = (args: readonly string[], { env = {}, input = "" }: CommandOptions = {}) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: environment(folder, env),
    });
    child.stdin.end(input);
    return watch(child);
  };
  return {
    folder,
    server,
    file,
    start,
    run: async (args, given = {}) => {
      const env = environment(folder, given.env ?? {});
      if ("NODE_OPTIONS" in env) return start(args, given).ended(); // Node reads them as it starts
      return checked(await host.run({ ...given, entry: main, secrets, args, cwd: folder, env }));
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What a command sees of the environment: no key but the fake ones. */
const environment = (folder: string, env: Readonly<Record<string, string>>) => ({
  PATH: process.env.PATH,
  HOME: folder,
  ...keys,
  ...env,
});

/** Runs a line of a shell, in which `multimodel` is the command; stdin stays open. */
export function shell(line: string, { folder }: Place, env: Readonly<Record<string, string>> = {}): Running {
  const multimodel = `multimodel() { '${process.execPath}' '${main}' "$@"; }`;
  return watch(spawn("sh", ["-c", `${multimodel}; ${line}`], { cwd: folder, env: environment(folder, env) }));
}

function watch(child: ChildProcessWithoutNullStreams): Running {
  const said = { stdout: "", stderr: "" };
  const heard = new EventEmitter();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
      heard.emit("more");
    });
  }
  child.stdin.on("error", () => {}); // it ended without reading
  const closed = once(child, "close").then(([code]) => {
    heard.emit("more");
    return { code: code as number | null, ...said };
  });
  return {
    process: child,
    says: async (text) => {
      while (!(said.stdout + said.stderr).includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without saying "${text}": ${said.stdout}${said.stderr}`);
        await once(heard, "more");
      }
    },
    ended: async () => checked(await closed),
  };
}

/** Asserts what holds of every command. */
function checked(ended: Ended): Ended {
  for (const key of Object.values(keys)) expect(ended.stdout + ended.stderr).not.toContain(key);
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+/m); // no stack trace
  return ended;
}

/** A model each that is quick, judges, hangs, breaks off and refuses the key; and graphs over them. */
export const team = ({ openaiUrl, googleUrl }: LoopbackServer) => `
default: assistant
models:
  fast: { provider: openai, model: gpt-4o-mini, baseUrl: ${openaiUrl}, apiKey: "\${OPENAI_API_KEY}", price: { input: 0.15, output: 0.6 } }
  strong: { provider: openai, model: gpt-4o, baseUrl: ${openaiUrl}, price: { input: 2.5, output: 10 }, tier: large }
  gemini: { provider: google-genai, model: gemini-2.5-flash, baseUrl: ${googleUrl} }
  own: { provider: openai-compatible, model: my-own, baseUrl: ${openaiUrl}, retry: false, price: null }
graphs:
  assistant: { pattern: cascade, models: [fast, strong], verify: { judge: gemini, threshold: 7 } }
  chain: { pattern: fallback, models: [own, fast] }
`;
