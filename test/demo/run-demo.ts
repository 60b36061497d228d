import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsx = fileURLToPath(new URL("../../node_modules/tsx/dist/cli.mjs", import.meta.url));

/** What a run of the demo left behind. */
export interface DemoRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The pieces in which stdout arrived. */
  readonly pieces: readonly string[];
}

/** Runs `tsx demo/main.ts` as a process of its own, with no variable of this shell but PATH and no Ollama server. */
export async function runDemo(
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<DemoRun> {
  const child = spawn(process.execPath, [tsx, "demo/main.ts", ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, OLLAMA_HOST: "http://127.0.0.1:1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pieces: string[] = [];
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => pieces.push(piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: pieces.join(""), stderr, pieces };
}

/** A server that lists models as Ollama does, and passes chat completions on; `silent` never answers. */
export interface FakeOllama extends AsyncDisposable {
  readonly host: string;
}

/** Starts a {@link FakeOllama} before a server that speaks OpenAI's chat completions. */
export async function startFakeOllama(tags: unknown, openaiUrl?: string): Promise<FakeOllama> {
  const server: Server = createServer((incoming, response) => {
    if (tags === "silent") return;
    if (incoming.url === "/api/tags") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(tags));
      return;
    }
    const { method, headers } = incoming;
    const onward = request(`${openaiUrl}${incoming.url?.replace(/^\/v1/, "")}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
