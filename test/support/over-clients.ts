import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { it } from "vitest";
import { type LoopbackServer, type ReplySource, startLoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "./clients.js";

export interface ClientTest {
  readonly server: LoopbackServer;
  /** A real client of a model, and what that model says call by call. */
  readonly client: (model: string, ...script: readonly ReplySource[]) => BaseChatModel;
  /** How often each model was asked, over the wire. */
  readonly asked: () => Record<string, number>;
}

/** A test that runs over each provider's real client. */
export function itOverClients(title: string, test: (given: ClientTest) => Promise<void>): void {
  it.each(Object.keys(providers) as Provider[])(`${title} (%s)`, async (provider) => {
    const server = await startLoopbackServer();
    try {
      await test({
        server,
        client: (model, ...script) => {
          server.reply(model, ...script);
          return providers[provider](server, model);
        },
        asked: () => {
          const models = server.requests.map(({ model }) => model);
          return Object.fromEntries(models.map((model) => [model, models.filter((other) => other === model).length]));
        },
      });
    } finally {
      await server.close();
    }
  });
}
