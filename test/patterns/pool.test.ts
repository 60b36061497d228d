import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, vi } from "vitest";
import {
  BudgetExceededError,
  budget,
  createCascade,
  createFallback,
  createPipeline,
  createRouter,
  InvalidModelError,
  InvalidOptionError,
  judgeWith,
  type Store,
} from "../../src/index.js";
import { failWith, type LoopbackRequest, type Reply } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

const ask = { messages: "Hi" };
const keyOf = ({ headers }: LoopbackRequest) => String(headers["x-region"]);
const keys = () => server.requests.map(keyOf);

/** Clients of one model, one for each key. */
const clientsOf = (...names: string[]) =>
  names.map(
    (apiKey) =>
      new ChatOpenAI({
        ...{ model: "gpt-x", apiKey },
        configuration: { baseURL: server.openaiUrl, defaultHeaders: { "x-region": apiKey.replace("sk-key-", "") } },
      }),
  );

/** Replies by key; other keys are answered. */
function replies(byKey: Record<string, Reply>): void {
  server.reply("gpt-x", (request) => byKey[keyOf(request)] ?? "Hello");
}

describe("clients", () => {
  it.each([
    ["a refused key", failWith.authentication()],
    ["a spent quota", failWith.quota()],
    ["a rate limit", failWith.rateLimit()],
    ["a 503 that asks to wait", failWith.server({ status: 503, retryAfter: "30" })],
  ])("hands a call on to another client at once after %s, and leaves that one out", async (_, failure) => {
    replies({ one: failure });
    const pool = { clients: clientsOf("sk-key-one", "sk-key-two", "sk-key-three"), retry: false } as const;
    const graph = createRouter({ models: { pool }, route: () => "pool" }).compile();
    const runs = [];
    for (let number = 0; number < 20; number++) runs.push(await graph.invoke(ask));
    expect(runs.map(({ modelUsed }) => modelUsed)).toEqual(runs.map(() => "pool"));
    expect(keys().filter((key) => key === "one")).toHaveLength(1);
    const handed = runs.find(({ calls }) => calls.length === 2)!;
    expect(handed.calls.map(({ status, attempt }) => [status, attempt])).toEqual([
      ["error", 1],
      ["ok", 1],
    ]);
    expect(handed.decisions.at(-1)?.reason).toMatch(
      /^client 1 of 3 is out \((authentication|quota|rate_limit|server)\); client [23] of 3 is called$/,
    );
    expect(JSON.stringify(handed)).not.toContain("sk-key");
  });

  it.each([
    ["a time-out", { fault: "hang" }],
    ["a 500", failWith.server()],
  ] as const)("retries after %s on another client, and then not on the one that failed last", async (_, failure) => {
    replies({ one: failure, two: failure });
    vi.spyOn(Math, "random").mockReturnValue(0);
    const pool = {
      ...{ clients: clientsOf("sk-key-one", "sk-key-two"), timeout: 300, breaker: false as const },
      retry: { backoff: [0], maxRetries: 3 },
    } as const;
    await expect(createFallback({ models: { pool } }).compile().invoke(ask)).rejects.toThrow();
    expect(keys()).toEqual(["one", "two", "one", "two"]);
    vi.restoreAllMocks();
  });

  it("sends the second request of a hedged call to another client, also when that has more to do", async () => {
    replies({ one: { fault: "hang" } });
    vi.spyOn(Math, "random").mockReturnValue(0);
    const clients = clientsOf("sk-key-one", "sk-key-two");
    const busy = createFallback({
      models: { pool: { clients: [clients[1]!, clientsOf("sk-key-three")[0]!] } },
    }).compile();
    server.reply("gpt-x", (request) =>
      keyOf(request) === "one" ? { fault: "hang" } : { text: "Hello", delayMs: 400 },
    );
    const others = [1, 2, 3, 4].map(() => busy.invoke(ask));
    await server.received(4);
    const pool = { clients, hedge: { afterMs: 60 } } as const;
    const { calls, decisions } = await createFallback({ models: { pool } }).compile().invoke(ask);
    await Promise.all(others);
    vi.restoreAllMocks();
    expect(keys().slice(4)).toEqual(["one", "two"]);
    expect(calls.map(({ status, hedge }) => [status, hedge])).toEqual([
      ["cancelled", undefined],
      ["ok", true],
    ]);
    expect(decisions.at(-1)!.kind).toBe("hedge");
  });

  it("hands a call on when the budget of its client alone is spent, and not when one of all is", async () => {
    replies({});
    const [one, two] = clientsOf("sk-key-one", "sk-key-two");
    const of = (usd: number) => ({ price: { input: 1, output: 1 }, budget: budget({ usd, per: "day" }) });
    const own = {
      clients: [
        { model: one!, ...of(0) },
        { model: two!, ...of(1) },
      ],
      retry: false,
    } as const;
    const graph = createRouter({ models: { own }, route: () => "own" }).compile();
    for (let number = 0; number < 10; number++) await graph.invoke(ask);
    expect(keys()).toEqual(Array.from({ length: 10 }, () => "two"));
    const shared = { clients: clientsOf("sk-key-one", "sk-key-two"), ...of(0), retry: false } as const;
    const spent = createRouter({ models: { shared }, route: () => "shared" }).compile();
    const error = await spent.invoke(ask).catch((error: unknown) => error);
    expect(BudgetExceededError.isInstance(error)).toBe(true);
    expect(server.requests).toHaveLength(10);
  });

  it("spreads calls, and takes the less loaded of two clients", async () => {
    let answer!: () => void;
    const free = new Promise<void>((resolve) => {
      answer = resolve;
    });
    server.reply("gpt-x", async () => {
      await free;
      return "Hello";
    });
    const graph = createPipeline({ stages: { pool: { clients: clientsOf("sk-key-one", "sk-key-two") } } }).compile();
    const runs = [];
    for (let number = 1; number <= 6; number++) {
      runs.push(graph.invoke(ask));
      await vi.waitFor(() => expect(server.requests).toHaveLength(number));
    }
    answer();
    await Promise.all(runs);
    expect(keys().filter((key) => key === "one")).toHaveLength(3);
  });

  it("is as one model when all of its clients are out: the chain goes on, and a router fails", async () => {
    replies({ one: failWith.quota(), two: failWith.quota() });
    server.reply("b", "Hi");
    const pool = { clients: clientsOf("sk-key-one", "sk-key-two") };
    const graph = createFallback({ models: { pool, b: { model: openai("b"), provider: "other" } } }).compile();
    const first = await graph.invoke(ask);
    expect(first.calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["pool error", "pool error", "b ok"]);
    const second = await graph.invoke(ask);
    expect(second.calls.map(({ path }) => path)).toEqual(["b"]);
    expect(second.decisions[0]?.reason).toMatch(
      /^all 2 clients are out, the next one: cooling down for \d+ s more \(quota\)$/,
    );
    const alone = createRouter({ models: { pool }, route: () => "pool" }).compile();
    await expect(alone.invoke(ask)).rejects.toMatchObject({ name: "ModelCallError", class: "quota" });
  });

  it("does not hand a mistake of the caller on, and retries what every client may share", async () => {
    const pool = { clients: clientsOf("sk-key-one", "sk-key-two"), retry: { maxRetries: 1, backoff: [0] } };
    const graph = createRouter({ models: { pool }, route: () => "pool" }).compile();
    server.reply("gpt-x", failWith.badRequest());
    await expect(graph.invoke(ask)).rejects.toMatchObject({ class: "invalid_request" });
    expect(server.requests).toHaveLength(1);
    server.reply("gpt-x", failWith.server());
    await expect(graph.invoke(ask)).rejects.toMatchObject({ class: "server" });
    expect(server.requests).toHaveLength(3);
  });

  it("has a breaker for each client", async () => {
    replies({ one: failWith.server() });
    const pool = {
      clients: clientsOf("sk-key-one", "sk-key-two"),
      breaker: { failures: 1 },
      retry: { backoff: [0, 0, 0, 0, 0, 0] },
    };
    const graph = createRouter({ models: { pool }, route: () => "pool" }).compile();
    for (let number = 0; number < 20; number++) await graph.invoke(ask).catch(() => {});
    expect(keys().filter((key) => key === "one")).toHaveLength(1);
  });

  it("hands a call on when another process has opened the breaker of its client", async () => {
    const opening = JSON.stringify({ class: "timeout", at: Date.now(), waitMs: 0 });
    const unused = () => Promise.reject(new Error("not called"));
    const store: Store = {
      ...{ name: "test", get: async () => opening, set: unused, delete: unused, consume: unused },
      ...{ reserve: unused, settle: unused, used: unused },
    };
    const [one, two] = clientsOf("sk-key-one", "sk-key-two");
    const pool = { clients: [{ model: one!, breaker: { store } }, two!] };
    const graph = createRouter({ models: { pool }, route: () => "pool" }).compile();
    for (let number = 0; number < 12; number++) expect((await graph.invoke(ask)).modelUsed).toBe("pool");
    expect(keys()).toEqual(Array.from({ length: 12 }, () => "two"));
  });

  it("takes settings for all clients, and for one as an entry", async () => {
    const [one, two] = clientsOf("sk-key-one", "sk-key-two");
    const limit = { requestsPerMinute: 1 };
    const pool = { clients: [{ model: one!, limit }, two!], systemPrompt: "Be brief" };
    const graph = createRouter({ models: { pool }, route: () => "pool" }).compile();
    for (let number = 0; number < 12; number++) await graph.invoke(ask);
    expect(keys().filter((key) => key === "one").length).toBeLessThanOrEqual(1);
    for (const { body } of server.requests) expect(JSON.stringify(body)).toContain("Be brief");
  });

  it("works wherever a model does: as a judge, and as the model of an entry", async () => {
    server.reply("gpt-x", "Score: 9");
    server.reply("a", "Hello");
    const judge = { clients: clientsOf("sk-key-one", "sk-key-two") };
    const { confidence } = await createCascade({ models: { a: openai("a"), b: openai("b") }, verify: judgeWith(judge) })
      .compile()
      .invoke(ask);
    expect(confidence).toBeGreaterThan(0.8);
    const entry = { model: { clients: clientsOf("sk-key-one") }, description: "the same" };
    const { modelUsed } = await createFallback({ models: { entry } }).compile().invoke(ask);
    expect(modelUsed).toBe("entry");
  });

  it("refuses clients of several models, graphs, and none", () => {
    const build = (clients: unknown) => () => createFallback({ models: { pool: { clients } as never } });
    expect(build([openai("a"), openai("b")])).toThrow(InvalidModelError);
    expect(build([openai("a"), openai("b")])).toThrow("createFallback.models.pool.clients are of a and b;");
    expect(build([openai("a"), createPipeline({ stages: { a: openai("a") } }).compile()])).toThrow(
      "createFallback.models.pool.clients[1] is not a chat model",
    );
    expect(build([])).toThrow(InvalidOptionError);
    expect(build({})).toThrow("give the clients of one model");
    const both = { model: openai("a"), clients: [openai("a")] };
    expect(() => createFallback({ models: { pool: both as never } })).toThrow("give either `model`, or `clients`");
    expect(() => createFallback({ models: { pool: { clients: [openai("a")], retries: 2 } as never } })).toThrow(
      "retries",
    );
  });
});
