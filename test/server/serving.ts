import OpenAI, { type ClientOptions } from "openai";
import { check, createCascade, createRouter } from "../../src/index.js";
import { type AppOptions, type RunningServer, serve } from "../../src/server/index.js";
import { type LoopbackServer, type ReplySource, startLoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";

/** What is served: a model alone, a graph that streams, and one whose answers are held until they are checked. */
export const served = ["plain", "router", "ladder"] as const;

/** The endpoint over a scripted provider. */
export interface Serving extends RunningServer {
  readonly upstream: LoopbackServer;
  /** Closes the endpoint alone. */
  stop(graceMs?: number): Promise<void>;
  /** The official client, with its retries off. */
  client(options?: ClientOptions): OpenAI;
  /** What the model says call by call; the draft of the ladder is always refused. */
  says(...replies: readonly ReplySource[]): void;
  /** Sends a body as it is. */
  post(body: unknown, init?: RequestInit): Promise<Response>;
}

/** Starts the endpoint over a provider's real client. */
export async function startServing(provider: Provider, more: Partial<AppOptions> = {}): Promise<Serving> {
  const upstream = await startLoopbackServer();
  upstream.reply("draft-1", "draft");
  const model = {
    model: providers[provider](upstream, "strong-1"),
    retry: false,
    price: { input: 1, output: 2 },
  } as const;
  const draft = { model: providers[provider](upstream, "draft-1"), price: { input: 1, output: 1 } };
  const options: AppOptions = {
    models: { plain: { ...model, description: "Answers alone" } },
    graphs: {
      router: createRouter({ models: { strong: model, draft }, route: () => "strong" }),
      ladder: createCascade({
        models: { draft, strong: model },
        verify: check(({ answer }) => answer.text !== "draft"),
      }),
    },
    onError: () => {},
    ...more,
  };
  const server = await serve(options, { port: 0 });
  return {
    upstream,
    url: server.url,
    client: (settings) => new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0, ...settings }),
    says: (...replies) => upstream.reply("strong-1", ...replies),
    post: (body, init) => {
      const headers = { "content-type": "application/json" };
      return fetch(`${server.url}/v1/chat/completions`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        ...init,
      });
    },
    stop: server.close,
    async close(graceMs) {
      await server.close(graceMs);
      await upstream.close();
    },
  };
}

/** A conversation of one question. */
export const asks = (content: string) => [{ role: "user" as const, content }];
