import type { BaseStore } from "@langchain/langgraph";
import { PostgresStore } from "@langchain/langgraph-checkpoint-postgres/store";
import { createClient } from "redis";
import { describe, expect, it } from "vitest";
import { createPipeline, sharedMemory } from "../../src/index.js";
import { providers } from "../support/clients.js";
import { noPostgres, startPostgres } from "../support/postgres.js";
import { noRedis, startRedis } from "../support/redis.js";
import { PlainRedisStore } from "../support/redis-store.js";
import { useOneLoopback } from "../support/use-loopback.js";

interface Connection extends AsyncDisposable {
  readonly store: BaseStore;
}

/** Databases a store may keep its items in; each connection is one a process of its own would open. */
const databases = {
  Postgres: {
    missing: noPostgres,
    start: startPostgres,
    connect: async (url: string): Promise<Connection> => {
      const store = PostgresStore.fromConnString(url);
      await store.setup();
      return { store, [Symbol.asyncDispose]: () => store.stop() };
    },
  },
  Redis: {
    missing: noRedis, // the RedisStore of LangGraph needs the RediSearch module, which a plain server lacks
    start: startRedis,
    connect: async (url: string): Promise<Connection> => {
      const client = createClient({ url, disableOfflineQueue: true });
      client.on("error", () => {}); // commands reject as well
      await client.connect();
      return { store: new PlainRedisStore(client), [Symbol.asyncDispose]: () => client.disconnect() };
    },
  },
};

const { server: models } = useOneLoopback({
  reply: ({ messages }) => `Answer to: ${messages.at(-1)!.text.slice(0, 40)}`,
});

/** A graph as a process of its own builds it. */
const graphOver = (store: BaseStore, limit = 50) =>
  createPipeline({
    stages: {
      plan: providers.ChatOpenAI(models, "planner"),
      write: providers.ChatGoogleGenerativeAI(models, "writer"),
    },
    context: sharedMemory({ namespace: ["team", "news"], limit }),
  }).compile({ store });

const memoriesOf = (model: string) =>
  models.requests
    .filter((request) => request.model === model)
    .at(-1)!
    .messages.flatMap(({ text }) => text.match(/<memory [^>]*>/g) ?? []);

describe.each(Object.entries(databases))("sharedMemory in %s", (_, { missing, start, connect }) => {
  it.skipIf(missing)(
    `remembers across connections, once each and in order${missing ? `: ${missing}` : ""}`,
    async () => {
      await using server = await start();
      {
        await using first = await connect(server.url);
        await graphOver(first.store).invoke({ messages: "First?" });
      }
      await using second = await connect(server.url);
      await graphOver(second.store).invoke({ messages: "Second?" });
      expect(memoriesOf("planner")).toEqual([
        '<memory stage="plan" question="First?">',
        '<memory stage="write" question="First?">',
      ]);
      expect(memoriesOf("writer")).toEqual(memoriesOf("planner"));
      expect(await second.store.search(["team"], { limit: 100 })).toHaveLength(4);
    },
    60_000,
  );

  it.skipIf(missing)(
    "keeps within the limit while two processes write",
    async () => {
      await using server = await start();
      await using one = await connect(server.url);
      await using other = await connect(server.url);
      await one.store.put(["team", "news", "below"], "mine", { text: "stays" });
      const graphs = [graphOver(one.store, 3), graphOver(other.store, 3)];
      for (let round = 0; round < 3; round++)
        await Promise.all(graphs.map((graph, index) => graph.invoke({ messages: `Question ${round} of ${index}` })));
      await graphs[0]!.invoke({ messages: "Last?" });
      const items = await one.store.search(["team"], { limit: 100 });
      expect(items.filter(({ key }) => key === "mine")).toHaveLength(1);
      expect(items).toHaveLength(4);
      expect(items.filter(({ value }) => value.question === "Last?")).toHaveLength(2);
    },
    60_000,
  );
});

describe("sharedMemory", () => {
  it.skipIf(noRedis)("fails before a model is paid where the database is down", async () => {
    const server = await startRedis();
    await using connection = await databases.Redis.connect(server.url);
    const graph = graphOver(connection.store);
    await graph.invoke({ messages: "First?" });
    await server.stop();
    const paid = models.requests.length;
    await expect(graph.invoke({ messages: "Second?" }, { signal: AbortSignal.timeout(10_000) })).rejects.toThrow();
    expect(models.requests).toHaveLength(paid);
  });
});
