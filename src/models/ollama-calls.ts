import type { Runnable } from "@langchain/core/runnables";
import { onAbort } from "../resilience/deadline.js";
import { boundedFetch, type ReplyBounds } from "./bounded-fetch.js";
import type { Client } from "./client-kind.js";

interface StreamOptions {
  readonly signal?: AbortSignal;
}
type StreamMethod = (messages: unknown, options: StreamOptions, manager?: unknown) => AsyncGenerator<unknown>;

const streamMethods = ["_streamResponseChunks", "_streamChatModelEvents"] as const;

/**
 * Gives each call of `ChatOllama` a connection of its own that ends with it. The client looks at its signal between two chunks only, so a
 * hanging request would stay open, and ends all calls of an instance together (ollama 1.3.0).
 */
export function withOwnCalls(client: Runnable & Client, bounds: ReplyBounds): Runnable {
  const { client: connection } = client;
  if (typeof connection?.fetch !== "function") return client;
  const fetch = boundedFetch(connection.fetch, bounds);
  const patched: Runnable = Object.create(client, {
    client: { value: Object.create(connection, { fetch: { value: fetch } }) },
  });

  async function* call(method: StreamMethod, ...[messages, options, manager]: Parameters<StreamMethod>) {
    const controller = new AbortController();
    const { signal } = options;
    signal?.throwIfAborted();
    const forget = signal && onAbort(signal, () => controller.abort(signal.reason));
    const own = Object.create(connection!, {
      fetch: { value: (url: string, init?: RequestInit) => fetch(url, { ...init, signal: controller.signal }) },
      ongoingStreamedRequests: { value: [] },
    });
    try {
      yield* method.call(Object.create(patched, { client: { value: own } }), messages, options, manager);
    } finally {
      forget?.();
      controller.abort(); // a reader that stopped early ends the request as well
    }
  }

  for (const name of streamMethods) {
    const method: unknown = Reflect.get(client, name);
    if (typeof method !== "function") continue;
    const value = (...given: Parameters<StreamMethod>) => call(method as StreamMethod, ...given);
    Object.defineProperty(patched, name, { value });
  }
  return patched;
}
