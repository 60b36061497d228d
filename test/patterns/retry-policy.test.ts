import { END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  asChatModel,
  callsOf,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  majorityVote,
} from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { failWith } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

const models = (names: readonly string[], retry: { maxRetries: number; backoff: number[] } | false) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      { model: providers.ChatOpenAI(server, name), provider: name, retry, breaker: false as const },
    ]),
  );
const fast = { maxRetries: 1, backoff: [0] };
const policy = { maxAttempts: 3, initialInterval: 1, jitter: false, logWarning: false };
const always = { ...policy, retryOn: () => true };

type Pattern = ReturnType<typeof createFallback>;
/** A graph around a pattern, in the ways people nest one, and what the last run of the pattern had in its ledger. */
const nestings: Record<
  string,
  (
    pattern: Pattern,
    retryPolicy: object,
    keep: (calls: readonly ModelCall[]) => void,
  ) => StateGraph<typeof MessagesAnnotation.spec>
> = {
  "called in a node": (pattern, retryPolicy, keep) => {
    const graph = pattern.compile();
    const node = async ({ messages }: typeof MessagesAnnotation.State) => {
      keep((await graph.invoke({ messages })).calls);
      return {};
    };
    return new StateGraph(MessagesAnnotation)
      .addNode("work", node, { retryPolicy })
      .addEdge(START, "work")
      .addEdge("work", END) as never;
  },
  "as a node": (pattern, retryPolicy) =>
    new StateGraph(MessagesAnnotation)
      .addNode("work", pattern.compile(), { retryPolicy })
      .addEdge(START, "work")
      .addEdge("work", END) as never,
  "two graphs down": (pattern, retryPolicy, keep) => {
    const graph = pattern.compile();
    const node = async ({ messages }: typeof MessagesAnnotation.State) => {
      keep((await graph.invoke({ messages })).calls);
      return {};
    };
    const middle = new StateGraph(MessagesAnnotation)
      .addNode("middle", node)
      .addEdge(START, "middle")
      .addEdge("middle", END)
      .compile();
    return new StateGraph(MessagesAnnotation)
      .addNode("work", middle, { retryPolicy })
      .addEdge(START, "work")
      .addEdge("work", END) as never;
  },
  "as a chat model": (pattern, retryPolicy, keep) => {
    const model = asChatModel(pattern);
    const node = async ({ messages }: typeof MessagesAnnotation.State) => {
      keep(callsOf(await model.invoke(messages)));
      return {};
    };
    return new StateGraph(MessagesAnnotation)
      .addNode("work", node, { retryPolicy })
      .addEdge(START, "work")
      .addEdge("work", END) as never;
  },
};
const patterns: Record<string, (retry: typeof fast | false) => Pattern> = {
  createFallback: (retry) => createFallback({ models: models(["a", "b"], retry) }),
  createCascade: (retry) => createCascade({ models: models(["a", "b"], retry), verify: check(() => true) }) as never,
  createRouter: (retry) =>
    createRouter({ models: models(["a"], retry), route: () => "a", fallback: models(["b"], retry).b! }) as never,
  createEnsemble: (retry) => createEnsemble({ models: models(["a", "b"], retry), aggregate: majorityVote() }) as never,
};
const saver = (on: boolean) => (on ? new MemorySaver() : undefined);
const config = { configurable: { thread_id: "1" } };

describe.each(Object.keys(patterns))("a RetryPolicy around %s", (name) => {
  const pattern = patterns[name]!;

  it.each(Object.keys(nestings))("does not ask again what the pattern has retried: %s", async (form) => {
    server.reply("a", failWith.server());
    server.reply("b", failWith.server());
    const graph = nestings[form]!(pattern(fast), policy, () => {}).compile();
    const error = await graph.invoke({ messages: "Hi" }).catch((failed: unknown) => failed);
    expect(server.requests).toHaveLength(4); // two models, twice each
    expect(callsOf(error)).toHaveLength(4);
  });

  const threads = name === "createFallback" ? [false, true] : [false];
  it.each(threads.flatMap((checkpoints) => Object.keys(nestings).map((form) => [form, checkpoints] as const)))(
    "has every attempt of every try in the ledger where its owner wants more: %s, checkpointer %s",
    async (form, checkpoints) => {
      server.reply("a", failWith.server());
      server.reply("b", failWith.server());
      let calls: readonly ModelCall[] | undefined;
      const graph = () =>
        nestings[form]!(pattern(fast), always, (ledger) => {
          calls = ledger;
        }).compile({ checkpointer: saver(checkpoints) });
      const error = await graph()
        .invoke({ messages: "Hi" }, config)
        .catch((failed: unknown) => failed);
      expect(server.requests).toHaveLength(12); // three tries
      expect(new Set(callsOf(error).map(({ id }) => id)).size).toBe(12);

      const down = failWith.server();
      server.reply("a", down, down, "here");
      const before = server.requests.length;
      await graph().invoke({ messages: "Hi" }, config);
      const asked = server.requests.length - before;
      expect(asked).toBeGreaterThan(4); // a second try answered
      if (form !== "as a node") expect(new Set(calls!.map(({ id }) => id)).size).toBe(asked);
    },
  );

  it("is left the retries where the entries have none", async () => {
    const down = failWith.server();
    server.reply("a", down, "here");
    server.reply("b", down, down);
    let calls: readonly ModelCall[] = [];
    const keep = (ledger: readonly ModelCall[]) => {
      calls = ledger;
    };
    await nestings["called in a node"]!(pattern(false), policy, keep).compile().invoke({ messages: "Hi" });
    expect(calls).toHaveLength(server.requests.length);
    expect(calls.map(({ status }) => status)).toContain("ok");
  });
});

describe("a run that failed and was caught", () => {
  it("leaves nothing to the next run in the same node", async () => {
    server.reply("a", failWith.server());
    const broken = createFallback({ models: models(["a"], fast) }).compile();
    const other = createFallback({ models: models(["c"], fast) }).compile();
    let calls: readonly ModelCall[] = [];
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("work", async ({ messages }) => {
        await broken.invoke({ messages }).catch(() => {});
        calls = (await other.invoke({ messages })).calls;
        return {};
      })
      .addEdge(START, "work")
      .addEdge("work", END)
      .compile();
    await graph.invoke({ messages: "Hi" });
    expect(calls.map(({ node }) => node)).toEqual(["c"]);
  });

  it("leaves nothing to a later run on the same thread", async () => {
    const down = failWith.server();
    server.reply("a", down, down, "here");
    const inner = createFallback({ models: models(["a"], fast) }).compile();
    let calls: readonly ModelCall[] = [];
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("work", async ({ messages }) => {
        calls = (await inner.invoke({ messages })).calls;
        return {};
      })
      .addEdge(START, "work")
      .addEdge("work", END)
      .compile({ checkpointer: new MemorySaver() });
    await expect(graph.invoke({ messages: "Hi" }, config)).rejects.toThrow();
    await graph.invoke(null, config);
    expect(calls.map(({ attempt, status }) => `${attempt} ${status}`)).toEqual(["1 ok"]);
  });
});
