import { beforeAll, describe, expect, it } from "vitest";
import {
  allOf,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  DeadlineExceededError,
  judgeWith,
} from "../../src/index.js";
import { failWith, startLoopbackServer } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

/** The first call of a client loads its modules, which may take longer than these deadlines. */
beforeAll(async () => {
  const first = await startLoopbackServer();
  await providers.ChatOpenAI(first, "a").invoke("Hi");
  await first.close();
});

const Q = { messages: "Hi" };
const within = (deadlineMs = 1_000) => ({ context: { deadlineMs } });
const stops = (run: { decisions: readonly { kind: string; reason: string }[] }) =>
  run.decisions.filter(({ kind }) => kind === "stop").map(({ reason }) => reason);
const hasPassed = expect.stringContaining("the deadline of 1000 ms has passed");

/** A user's function that never ends, and the signals it was given. */
function hanging() {
  const signals: (AbortSignal | undefined)[] = [];
  const hang = ({ config }: { config: { signal?: AbortSignal } }) => {
    signals.push(config.signal);
    return new Promise<never>(() => {});
  };
  return { hang, aborted: () => signals.map((signal) => signal?.aborted) };
}

describe("deadlineMs with a function that hangs", () => {
  it.each(["accept", "escalate"] as const)("returns the answer a verifier hangs on: %s", async (onUnverified) => {
    const { hang, aborted } = hanging();
    server.reply("small", "draft");
    const models = { small: openai("small"), large: openai("large") };
    const run = await createCascade({ models, verify: hang, onUnverified }).compile().invoke(Q, within());
    expect([run.messages.at(-1)!.text, run.confidence, stops(run)]).toEqual(["draft", null, [hasPassed]]);
    expect([aborted(), server.requests.length]).toEqual([[true], 1]);
  });

  it("throws for a verifier whose verdict is needed", async () => {
    const { hang } = hanging();
    server.reply("small", "draft");
    const graph = createQualityGate({ model: openai("small"), verify: hang, onUnverified: "throw" }).compile();
    await expect(graph.invoke(Q, within())).rejects.toThrow(DeadlineExceededError);
  });

  it("waits for the ledger of a judge that a verifier has called", async () => {
    server.reply("small", "draft");
    server.reply("judge", failWith.hang());
    const models = { small: openai("small"), large: openai("large") };
    const verify = allOf(
      check(() => true),
      judgeWith(openai("judge")),
    );
    const asksAndHangs: typeof verify = (turn) => {
      void turn.ask(turn.messages, { model: openai("judge") }).catch(() => {});
      return new Promise(() => {});
    };
    for (const each of [verify, asksAndHangs]) {
      const run = await createCascade({ models, verify: each }).compile().invoke(Q, within());
      expect(run.calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["small ok", "verifier timeout"]);
      expect(stops(run)).toEqual([hasPassed]);
      server.reply("small", "draft");
      server.reply("judge", failWith.hang());
    }
  });

  it("throws for a route without an answer before", async () => {
    const { hang, aborted } = hanging();
    const graph = createRouter({ models: { a: openai("a"), b: openai("b") }, route: hang, fallback: openai("c") });
    const error = await graph
      .compile()
      .invoke(Q, within())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeadlineExceededError);
    expect([aborted(), server.requests.length]).toEqual([[true], 0]);
  });

  it("returns the first lane of an ensemble whose aggregate hangs", async () => {
    const { hang, aborted } = hanging();
    for (const name of ["a", "b"]) server.reply(name, name);
    const run = await createEnsemble({ models: { a: openai("a"), b: openai("b") }, aggregate: hang })
      .compile()
      .invoke(Q, within());
    expect([run.messages.at(-1)!.text, stops(run), aborted()]).toEqual(["a", [hasPassed], [true]]);
  });

  it("does not wait for a lane that may be called again after the deadline only", async () => {
    server.reply("a", failWith.rateLimit({ retryAfter: "50" }));
    server.reply("b", failWith.rateLimit({ retryAfter: "50" }));
    const graph = createEnsemble({ models: { a: openai("a"), b: openai("b") }, aggregate: hanging().hang }).compile();
    await expect(graph.invoke(Q, within(30_000))).rejects.toThrow(/0 of the 1 answers needed came/);
  });

  it("returns the last output of a pipeline whose next or context hangs", async () => {
    const { hang, aborted } = hanging();
    server.reply("a", "one", "two");
    const [a, b] = [openai("a"), openai("b")];
    for (const stages of [
      { a: { model: a, next: hang }, b: { model: b } },
      { a: { model: a }, b: { model: b, context: hang } },
    ]) {
      const run = await createPipeline({ stages }).compile().invoke(Q, within());
      expect(stops(run)).toEqual([hasPassed]);
      expect(["one", "two"]).toContain(run.messages.at(-1)!.text);
    }
    expect(aborted()).toEqual([true, true]);
  });

  it("returns the parts of a map-reduce whose reduce hangs, and throws for a plan", async () => {
    const { hang, aborted } = hanging();
    server.reply("a", "one", "two");
    const worker = openai("a");
    const run = await createMapReduce({ plan: () => ["x", "y"], worker, reduce: hang })
      .compile()
      .invoke(Q, within());
    expect([run.messages.at(-1)!.text.length > 0, stops(run)]).toEqual([true, [hasPassed]]);
    const planned = createMapReduce({ plan: hang, worker, reduce: openai("b") }).compile();
    await expect(planned.invoke(Q, within())).rejects.toThrow(DeadlineExceededError);
    expect(aborted()).toEqual([true, true]);
  });

  it("holds in a nested pattern, and a function that fails later ends nothing", async () => {
    let fail = (_error: Error) => {};
    const verify = () => new Promise<never>((_, reject) => (fail = reject));
    server.reply("small", "draft");
    const inner = createCascade({ models: { small: openai("small"), large: openai("large") }, verify });
    const run = await createFallback({ models: { inner, b: openai("b") } })
      .compile()
      .invoke(Q, within());
    expect(run.messages.at(-1)!.text).toBe("draft");
    fail(new Error("too late"));
    await server.settled();
  });
});
