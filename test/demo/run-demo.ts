import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createCommandHost } from "../support/hosted-command.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const host = createCommandHost(["--import", import.meta.resolve("tsx")]);
const secrets = new URL("../../dist/esm/secrets/known-secrets.js", import.meta.url).href;

/** What a run of the demo left behind. */
export interface DemoRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The pieces in which stdout arrived. */
  readonly pieces: readonly string[];
}

/** Runs `demo/main.ts` to its end, with no variable of this shell but PATH and no Ollama server; its modules are loaded once. */
export async function runDemo(
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<DemoRun> {
  const pieces: string[] = [];
  const ended = await host.run({
    ...{ entry: `${root}demo/main.ts`, secrets, args: words, cwd: root },
    env: { PATH: process.env.PATH, OLLAMA_HOST: "http://127.0.0.1:1", ...environment },
    onStdout: (piece) => pieces.push(piece),
  });
  return { ...ended, pieces };
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
    const nextOptions = request(`${openaiUrl}${incoming.url?.replace(/^\/v1/, "")}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(nextOptions);
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
