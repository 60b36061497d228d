import { createAgent, tool } from "langchain";
import { describe, expect } from "vitest";
import { z } from "zod";
import type { Context } from "../../src/context/context.js";
import {
  asChatModel,
  createFallback,
  createPipeline,
  createRouter,
  extractWith,
  fullHistory,
  lastMessages,
  latestOnly,
  type Model,
  summarizeWith,
} from "../../src/index.js";
import type { LoopbackRequest, Reply } from "../../src/testing/index.js";
import { type ClientTest, itOverClients } from "../support/over-clients.js";

const cities = ["Oslo", "Rome"];
const resultOf = (city: string) => `It rains in ${city}`;

/** Asks for the weather of each city it has not heard of, one after the other, and then answers. */
function forecaster({ messages }: LoopbackRequest): Reply {
  const seen = messages.map(({ text }) => text).join("\n");
  const missing = cities.find((city) => !seen.includes(resultOf(city)));
  return missing === undefined
    ? { text: "Rain in both" }
    : { toolCalls: [{ name: "weather", args: { city: missing } }] };
}

const contexts: Readonly<Record<string, (small: Model) => Context>> = {
  fullHistory,
  latestOnly,
  "lastMessages(1)": () => lastMessages(1),
  "lastMessages(3)": () => lastMessages(3),
  extractWith: (small) => extractWith(small, z.object({ item: z.string() })),
  summarizeWith: (small) => summarizeWith(small, { maxTokens: 10 }),
};

const graphs = {
  createRouter: (model: Model, context: Context) =>
    createRouter({ models: { a: { model, context } }, route: () => "a" as const }),
  createPipeline: (model: Model, context: Context) => createPipeline({ stages: { a: { model, context } } }),
  "createPipeline, second stage": (model: Model, context: Context, before: Model) =>
    createPipeline({ stages: { before, a: { model, context } } }),
  "createFallback in createRouter": (model: Model, context: Context) =>
    createRouter({
      models: { a: { model: createFallback({ models: { model } }), context } },
      route: () => "a" as const,
    }),
};

async function run({ client, server }: ClientTest, context: string, graph: keyof typeof graphs) {
  server.reply("agent", (request: LoopbackRequest) => forecaster(request));
  server.reply("small", (request: LoopbackRequest) =>
    request.tools.length > 0
      ? { toolCalls: [{ name: "extract", args: { item: "weather" } }] }
      : {
          text:
            [...cities.map(resultOf)].filter((text) => JSON.stringify(request.body).includes(text)).join("\n") || "Q",
        },
  );
  server.reply("before", "Look it up");
  const asked: string[] = [];
  const weather = tool(
    ({ city }: { city: string }) => {
      asked.push(city);
      return resultOf(city);
    },
    { name: "weather", description: "The weather of a city", schema: z.object({ city: z.string() }) },
  );
  const made = graphs[graph](client("agent"), contexts[context]!(client("small")), client("before"));
  const agent = createAgent({ model: asChatModel(made), tools: [weather] });
  const { messages } = await agent.invoke({ messages: "How is the weather?" }, { recursionLimit: 20 });
  return { answer: messages.at(-1)!.text, asked };
}

describe.each(Object.keys(contexts))("%s in an agent", (context) => {
  describe.each(Object.keys(graphs) as (keyof typeof graphs)[])("over %s", (graph) => {
    itOverClients("makes each tool call once, and has its question before it", async (given) => {
      expect(await run(given, context, graph)).toEqual({ answer: "Rain in both", asked: cities });
      for (const request of given.server.requests.filter(({ model }) => model === "agent")) {
        const [first] = request.messages.filter(({ role }) => role !== "system");
        expect(first).toMatchObject({ role: "user" }); // Gemini refuses a call without a user's turn before it
      }
    });
  });
});
