import { createServer } from "node:http";
import { answerRequest } from "./exchange.js";
import type { LoopbackRequest } from "./loopback-request.js";
import type { ReplySource } from "./reply.js";
import { createReplyBook } from "./reply-book.js";
import { createRequestLog } from "./request-log.js";
import { SCRIPTED_TEXT } from "./send-reply.js";

/** Options of `startLoopbackServer`. */
export interface LoopbackServerOptions {
  /** Reply when none is queued for the model. @default a sentence that says it is scripted */
  readonly reply?: ReplySource;
  /** TCP port on 127.0.0.1. @default 0, a free port */
  readonly port?: number;
}

/** A running loopback server. */
export interface LoopbackServer extends AsyncDisposable {
  /** For `ChatOpenAI`: `configuration: { baseURL: server.openaiUrl }`. */
  readonly openaiUrl: string;
  /** For `AzureChatOpenAI`: `azureOpenAIEndpoint: server.azureUrl`. */
  readonly azureUrl: string;
  /** For `ChatGoogleGenerativeAI`: `baseUrl: server.googleUrl`. */
  readonly googleUrl: string;
  /** For `ChatAnthropic`: `anthropicApiUrl: server.anthropicUrl`. */
  readonly anthropicUrl: string;
  /** For `ChatOllama`: `baseUrl: server.ollamaUrl`. */
  readonly ollamaUrl: string;
  /** All received requests, in order of arrival. */
  readonly requests: readonly LoopbackRequest[];
  /**
   * Queues replies for a model: each call consumes one, and the last one repeats.
   * @param model the model id, for Azure the deployment
   */
  reply(model: string, ...replies: readonly ReplySource[]): void;
  /**
   * Waits until `count` requests have arrived, for example to act while one is open.
   * @throws Error when the server is closed first
   */
  received(count: number): Promise<void>;
  /** Waits until no request is open, when `aborted` and `endedAt` are final. Abort a hanging request first. */
  settled(): Promise<void>;
  /** Closes all connections and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1 that speaks OpenAI chat completions, Azure OpenAI, Gemini, Claude's messages and Ollama's chat, and fails on demand.
 *
 * **When to use**: to test your graph offline and without a key, with real clients, against any provider behaviour.
 * If you only need answers, `fakeModel()` of `@langchain/core/testing` is simpler.
 *
 * **Gotchas**: give the clients `maxRetries: 0`, or they retry on their own. Leave `streaming: true` off `ChatOpenAI`:
 * it would fetch a tokenizer from the network. `/v1/responses` is not supported. `usage: null` is 0 tokens for Claude, which always
 * reports usage.
 *
 * @example
 * ```ts
 * import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
 * import { startLoopbackServer } from "langgraph-multimodel/testing";
 *
 * const server = await startLoopbackServer({ reply: (request) => `You said: ${request.messages.at(-1)?.text}` });
 * server.reply("gemini-x", { text: "Slowly.", delayMs: 50 }, "Quickly.");
 *
 * const model = new ChatGoogleGenerativeAI({ model: "gemini-x", apiKey: "none", baseUrl: server.googleUrl });
 * console.log((await model.invoke("Hi")).content); // Slowly.
 * console.log((await model.invoke("Hi")).content); // Quickly.
 * console.log(server.requests[0]?.messages); // [ { role: "user", text: "Hi" } ]
 * await server.close();
 * ```
 *
 * @returns the running server; close it, or declare it with `await using`
 * @throws Error when the port is taken
 */
export async function startLoopbackServer(options: LoopbackServerOptions = {}): Promise<LoopbackServer> {
  const log = createRequestLog();
  const book = createReplyBook(options.reply ?? SCRIPTED_TEXT);
  let closing: Promise<void> | undefined;

  const server = createServer((incoming, response) => {
    void answerRequest(incoming, response, { book, log, isClosing: () => closing !== undefined });
  });
  // Closing idle connections would race with clients that reuse them.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The loopback server has no port.");
  const url = `http://127.0.0.1:${address.port}`;

  function close(): Promise<void> {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    log.close();
    return closing;
  }

  return {
    openaiUrl: `${url}/v1`,
    azureUrl: url,
    googleUrl: url,
    anthropicUrl: url,
    ollamaUrl: url,
    requests: log.requests,
    reply: (model, ...replies) => book.add(model, replies),
    received: log.received,
    settled: log.settled,
    close,
    [Symbol.asyncDispose]: close,
  };
}
