import { inspect } from "node:util";
import { ContextOverflowError, getRetryable, ModelRefusalError } from "@langchain/core/errors";
import { createAgent, modelRetryMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import { AllModelsFailedError, type Failure, ModelCallError, QuorumNotReachedError } from "../../src/errors/index.js";
import { asChatModel, createEnsemble, createFallback, majorityVote } from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

const fast = { maxRetries: 1, backoff: [0] };
const entry = (model: string, retry: typeof fast | false = fast) => ({
  model: providers.ChatOpenAI(server, model),
  provider: model,
  retry,
});
const thrownBy = (run: Promise<unknown>) =>
  run.then(
    () => expect.unreachable(),
    (error: unknown) => error as AllModelsFailedError,
  );

describe("AllModelsFailedError", () => {
  it("says what the last model failed with: class, status, wait, and a cause with the name and code of the client's error", async () => {
    server.reply("a", failWith.server());
    server.reply("b", failWith.rateLimit({ retryAfter: "90" }));
    const graph = createFallback({ models: { a: entry("a"), b: entry("b") } }).compile();
    const error = await thrownBy(graph.invoke({ messages: "Hi" }));
    expect(error).toMatchObject({ class: "rate_limit", status: 429, retryAfterMs: 90_000 });
    expect(error.failures).toMatchObject([
      { name: "a", class: "server", status: 500, thrown: { name: "InternalServerError" } },
      {
        name: "b",
        class: "rate_limit",
        status: 429,
        retryAfterMs: 90_000,
        thrown: { name: "RateLimitCapacityError", code: "rate_limit_exceeded" }, // as core names one with so long a wait
      },
    ]);
    expect(error.cause).toBeInstanceOf(ModelCallError);
    expect(error.cause).toMatchObject({ path: "b", class: "rate_limit", status: 429 });
    expect((error.cause!.cause as Error).message).toContain("429");
  });

  it("rebuilds its cause where a checkpoint has kept nothing but the failures", () => {
    const failures: readonly Failure[] = [
      { name: "a", class: "refusal", message: "no", status: 400 },
      {
        name: "b",
        class: "rate_limit",
        message: "slow down",
        status: 429,
        retryAfterMs: 7_000,
        thrown: { name: "RateLimitError", code: "rate_limit_exceeded" },
      },
    ];
    for (const error of [new AllModelsFailedError(failures), new QuorumNotReachedError(2, 0, failures)]) {
      expect(error).toMatchObject({ class: "rate_limit", status: 429, retryAfterMs: 7_000, retryable: false });
      expect(error.cause).toMatchObject({ path: "b", class: "rate_limit", reason: "slow down" });
      const { cause } = error.cause!;
      expect(cause).toMatchObject({ name: "RateLimitError", code: "rate_limit_exceeded", status: 429 });
    }
    expect(new AllModelsFailedError([]).cause).toBeUndefined();
  });

  it("is known to LangChain for an overflow or a refusal where the last failure was one", () => {
    const of = (kind: Failure["class"]) => new AllModelsFailedError([{ name: "a", class: kind, message: "" }]);
    expect(ContextOverflowError.isInstance(of("context_overflow"))).toBe(true);
    expect(ContextOverflowError.isInstance(of("context_overflow").cause)).toBe(true);
    expect(ModelRefusalError.isInstance(of("refusal"))).toBe(true);
    expect(ContextOverflowError.isInstance(of("refusal"))).toBe(false);
    expect(ModelRefusalError.isInstance(of("server"))).toBe(false);
    expect(AllModelsFailedError.isInstance(of("context_overflow"))).toBe(true);
  });

  it("is stamped as final where its models were retried or cannot be, as retryable where retries were left to others", async () => {
    server.reply("limited", failWith.rateLimit());
    server.reply("refused", failWith.authentication());
    const run = (models: Record<string, ReturnType<typeof entry>>) =>
      thrownBy(createFallback({ models }).compile().invoke({ messages: "Hi" }));
    const stamps = await Promise.all([
      run({ a: entry("limited"), b: entry("limited") }),
      run({ a: entry("refused", false), b: entry("refused", false) }),
      run({ a: entry("limited", false), b: entry("refused", false) }),
      run({ a: entry("limited", false), b: entry("limited") }),
    ]);
    expect(stamps.map((error) => [getRetryable(error), error.retryable, error.code])).toEqual([
      [false, false, "ECONNABORTED"],
      [false, false, "ECONNABORTED"],
      [true, true, undefined],
      [false, false, "ECONNABORTED"],
    ]);
  });
});

describe("ModelCallError", () => {
  it("shows no key that a provider repeats as its code", async () => {
    server.reply("a", failWith.badRequest({ code: "sk-abcdefghijklmnop", type: "Bearer sk-abcdefghijklmnop" }));
    const error = await thrownBy(
      createFallback({ models: { a: entry("a") } })
        .compile()
        .invoke({ messages: "Hi" }),
    );
    expect(error).toHaveProperty("name", "ModelCallError");
    expect(error).toHaveProperty("thrown", { name: "BadRequestError" }); // a key is no code
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("sk-abcdefghijklmnop");
  });
});

describe("modelRetryMiddleware around a pattern", () => {
  const ask = async (model: ReturnType<typeof asChatModel>, options: object) => {
    const retry = modelRetryMiddleware({
      initialDelayMs: 0,
      jitter: false,
      maxRetries: 2,
      onFailure: "error",
      ...options,
    });
    const agent = createAgent({ model, tools: [], middleware: [retry] });
    await thrownBy(agent.invoke({ messages: "Hi" }));
    return server.requests.length;
  };
  const chain = (retry: typeof fast | false) =>
    asChatModel(createFallback({ models: { a: entry("a", retry), b: entry("b", retry) } }));

  it("leaves alone by default what the pattern has retried, and decides where the pattern retries nothing", async () => {
    server.reply("a", failWith.server());
    server.reply("b", failWith.server());
    expect(await ask(chain(fast), {})).toBe(4); // 2 models, twice each
    expect(await ask(chain(false), {})).toBe(4 + 6); // 2 models, three times
  });

  it("can decide by the status, as over the plain client", async () => {
    server.reply("a", failWith.server());
    server.reply("b", failWith.authentication());
    const retryOn = (error: Error & { status?: number }) => error.status === 500;
    expect(await ask(chain(false), { retryOn })).toBe(2); // the last failure is a 401
    server.reply("b", failWith.server());
    expect(await ask(chain(false), { retryOn })).toBe(2 + 6);
  });
});

describe("QuorumNotReachedError", () => {
  it("has the last lane's failure as its cause", async () => {
    server.reply("a", failWith.server());
    server.reply("b", failWith.server());
    const graph = createEnsemble({ models: { a: entry("a"), b: entry("b") }, aggregate: majorityVote() }).compile();
    const error = (await thrownBy(graph.invoke({ messages: "Hi" }))) as unknown as QuorumNotReachedError;
    expect(error).toMatchObject({ name: "QuorumNotReachedError", class: "server", status: 500, retryable: false });
    expect(error.cause).toMatchObject({ class: "server", thrown: { name: "InternalServerError" } });
  });
});
