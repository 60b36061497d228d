import type { AIMessage } from "@langchain/core/messages";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  AllModelsFailedError,
  allOf,
  anyOf,
  bestOf,
  CallTimeoutError,
  callsOf,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createQualityGate,
  createRouter,
  firstOf,
  InvalidOptionError,
  judgeWith,
  type Model,
  ModelCallError,
  type Models,
  majorityVote,
  type OnUnverified,
  QuorumNotReachedError,
  type Verify,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

const down = () => ({ model: saying(httpError(500), httpError(500), httpError(500)), retry: false }) as const;

/** Judges that fail as a call. */
const outages: Readonly<Record<string, () => Verify>> = {
  "a model": () => judgeWith(down()),
  "a chain of models": () => judgeWith(createFallback({ models: { a: down(), b: down() } })),
  "an ensemble": () => judgeWith(createEnsemble({ models: { a: down(), b: down() }, aggregate: majorityVote() })),
  "a model among several verifiers": () =>
    allOf(
      check(() => true),
      judgeWith(down()),
    ),
  "a pattern a verifier runs itself": () => async () => {
    await createFallback({ models: { a: down() } })
      .compile()
      .invoke({ messages: "Q" });
    return { pass: true };
  },
  "too few lanes of one it runs itself": () => async () => {
    throw new QuorumNotReachedError(2, 1);
  },
  "a call that is too slow": () => async () => {
    throw new CallTimeoutError("timeout", 5);
  },
};

/** Faults of a program. */
const bugs: readonly unknown[] = [
  new TypeError("Cannot read properties of undefined (reading 'message')"),
  new RangeError("my bug"),
  new Error("plain"),
  new SyntaxError("Unexpected token < in JSON"),
  httpError(500, "a client the verifier called by itself"),
  new InvalidOptionError("mine", 1, "no"),
];

interface Built {
  readonly graph: { compile(): unknown };
  /** Where an answer that is escalated comes from. */
  readonly better: string;
}
type Options = { readonly verify: Verify; readonly onUnverified?: OnUnverified };
const patterns: Readonly<Record<string, (options: Options, spare: boolean) => Built>> = {
  createCascade: (options, spare) => ({
    graph: createCascade({
      models: { small: saying("draft"), ...(spare && { large: saying("better") }) } as Models,
      judgeLast: !spare, // a judge is not asked about an answer nothing comes after
      ...options,
    }),
    better: "large",
  }),
  createRouter: (options, spare) => ({
    graph: createRouter({
      models: { small: saying("draft") },
      route: () => "small",
      ...options,
      ...(spare && { fallback: saying("better") }),
    }),
    better: "fallback",
  }),
  createQualityGate: (options, spare) => ({
    graph: createQualityGate({
      model: saying("draft"), // a revision would find nothing more to say
      maxRevisions: 3,
      ...options,
      ...(spare && { fallback: saying("better") }),
    }),
    better: "fallback",
  }),
};

interface Result {
  readonly messages: readonly AIMessage[];
  readonly modelUsed: string;
  readonly confidence: number | null;
  readonly verdict?: { readonly pass: boolean; readonly reason?: string };
  readonly decisions: readonly { readonly kind: string; readonly reason: string }[];
}
const run = ({ graph }: Built) =>
  (graph.compile() as { invoke(input: object): Promise<Result> }).invoke({ messages: "Q" });

describe.each(Object.entries(patterns))("%s, where the judge fails as a call", (_name, build) => {
  describe.each(Object.entries(outages))("%s", (_judge, verify) => {
    it("returns the answer without a confidence, and says so", async () => {
      for (const options of [{}, { onUnverified: "accept" as const }]) {
        const result = await run(build({ verify: verify(), ...options }, true));
        expect([result.messages.at(-1)!.text, result.confidence, result.verdict]).toEqual(["draft", null, undefined]);
        expect(result.decisions.at(-1)).toMatchObject({
          kind: "accept",
          reason: expect.stringMatching(/^not verified: /),
        });
      }
    });

    it("throws the error of the judge where it is told to, with what was paid", async () => {
      const error = await run(build({ verify: verify(), onUnverified: "throw" }, true)).catch(
        (thrown: unknown) => thrown,
      );
      const kinds = [ModelCallError, AllModelsFailedError, QuorumNotReachedError, CallTimeoutError];
      expect(kinds.some((kind) => kind.isInstance(error))).toBe(true);
      expect(callsOf(error as Error)[0]).toMatchObject({ role: "answer", status: "ok" });
    });

    it("goes to what may do better where it is told to", async () => {
      const built = build({ verify: verify(), onUnverified: "escalate" }, true);
      const result = await run(built);
      expect([result.messages.at(-1)!.text, result.modelUsed]).toEqual(["better", built.better]);
      expect(result.decisions.map(({ reason }) => reason).join()).toContain("not verified: ");
    });

    it("returns the answer as not passed where there is nowhere to go", async () => {
      const result = await run(build({ verify: verify(), onUnverified: "escalate" }, false));
      expect([result.messages.at(-1)!.text, result.confidence]).toEqual(["draft", null]);
      expect(result.verdict).toMatchObject({ pass: false, reason: expect.stringMatching(/^not verified: /) });
    });
  });

  it.each(bugs)("ends in whatever else a verifier throws: %s", async (bug) => {
    for (const onUnverified of [undefined, "accept", "escalate", "throw"] as const) {
      for (const verify of [
        () => {
          throw bug;
        },
        async () => Promise.reject(bug),
        check(() => Promise.reject(bug)),
        allOf(
          () => Promise.reject(bug),
          check(() => false),
        ),
        anyOf(
          () => Promise.reject(bug),
          check(() => true),
        ),
      ] as Verify[]) {
        const built = build({ verify, ...(onUnverified && { onUnverified }) }, true);
        await expect(
          run(built).then(
            () => "answered",
            (thrown: unknown) => thrown,
          ),
        ).resolves.toBe(bug);
      }
    }
  });

  it.each(["a text", null, undefined, 7])("names what a verifier throws that is no error: %j", async (thrown) => {
    const built = build({ verify: () => Promise.reject(thrown) }, true);
    await expect(run(built)).rejects.toMatchObject({ message: String(thrown), cause: thrown });
  });

  it.each(["maybe", "", null, true] as never[])("refuses onUnverified: %s", (onUnverified) => {
    expect(() => build({ verify: check(() => true), onUnverified }, true)).toThrow(
      /onUnverified is .*"accept", "escalate" or "throw"/,
    );
  });

  it("passes a fault on through a pattern around it: no other model hides it", async () => {
    const bug = new TypeError("Cannot read properties of undefined (reading 'choices')");
    const { graph } = build({ verify: () => Promise.reject(bug) }, true);
    const other = saying("never");
    const outer = createFallback({ models: { inner: graph as never, other } }).compile();
    await expect(outer.invoke({ messages: "Q" })).rejects.toBe(bug);
    expect(other.callCount).toBe(0);
  });

  it("passes a fault on through a foreign graph around it, and one that several lanes end in", async () => {
    const bug = new TypeError("my bug");
    const built = () => build({ verify: () => Promise.reject(bug) }, true).graph;
    const inner = built().compile() as { invoke(input: object): Promise<Result> };
    const foreign = new StateGraph(MessagesAnnotation)
      .addNode("work", async ({ messages }) => ({
        messages: (await inner.invoke({ messages })).messages.slice(-1) as never,
      }))
      .addEdge(START, "work")
      .compile() as unknown as Model;
    const panel = createEnsemble({ models: { a: built() as never, b: built() as never }, aggregate: majorityVote() });
    for (const broken of [foreign, panel]) {
      const other = saying("never");
      const error = await createFallback({ models: { broken: broken as Model, other } })
        .compile()
        .invoke({ messages: "Q" })
        .catch((thrown: unknown) => thrown);
      expect([error, ...((error as Partial<AggregateError>).errors ?? [])]).toContain(bug);
      expect(other.callCount).toBe(0);
    }
  });

  it("leaves what a foreign graph throws by itself to the next model", async () => {
    const foreign = new StateGraph(MessagesAnnotation)
      .addNode("work", () => Promise.reject(new TypeError("its bug")))
      .addEdge(START, "work")
      .compile() as unknown as Model;
    const { graph } = build({ verify: check(() => true) }, true);
    const outer = createFallback({ models: { foreign, inner: graph as never } }).compile();
    expect((await outer.invoke({ messages: "Q" })).messages.at(-1)!.text).toBe("draft");
  });

  it("hands an outage that is thrown to the pattern around it", async () => {
    const { graph } = build({ verify: judgeWith(down()), onUnverified: "throw" }, true);
    const outer = createFallback({ models: { inner: graph as never, other: saying("other") } }).compile();
    expect((await outer.invoke({ messages: "Q" })).modelUsed).toBe("other");
  });
});

describe("a strategy that asks a model", () => {
  const bug = new TypeError("my bug");

  it("gives way in an ensemble where the call failed, and ends the run where the aggregate has a fault", async () => {
    const models = () => ({ a: saying("one"), b: saying("two") });
    const spare = saying("spare");
    const asking = createEnsemble({
      models: models(),
      aggregate: async ({ ask, messages }) => ({ message: await ask(messages, { model: down() }), confidence: null }),
      fallback: spare,
    });
    expect((await asking.compile().invoke({ messages: "Q" })).modelUsed).toBe("fallback");
    const broken = createEnsemble({
      models: models(),
      aggregate: () => Promise.reject(bug),
      fallback: saying("never"),
    });
    await expect(broken.compile().invoke({ messages: "Q" })).rejects.toBe(bug);
    const judged = createEnsemble({ models: models(), aggregate: bestOf(down()) });
    expect((await judged.compile().invoke({ messages: "Q" })).decisions.at(-1)!.reason).toContain("the judge failed");
  });

  it("is no decision of a router where the call failed, and ends the run where the route has a fault", async () => {
    const models = () => ({ a: saying("one") });
    const running = async () => {
      await createFallback({ models: { down: down() } })
        .compile()
        .invoke({ messages: "Q" });
      return "a" as const;
    };
    for (const route of [classifyWith(down()), running]) {
      const graph = createRouter({ models: models(), route, fallback: saying("spare") });
      expect((await graph.compile().invoke({ messages: "Q" })).modelUsed).toBe("fallback");
    }
    for (const route of [
      () => Promise.reject(bug),
      firstOf(
        () => Promise.reject(bug),
        () => "a" as const,
      ),
    ]) {
      const graph = createRouter({ models: models(), route, fallback: saying("never") });
      await expect(graph.compile().invoke({ messages: "Q" })).rejects.toBe(bug);
    }
  });

  it("leaves the stages in their order where the call failed, and ends the run where `next` has a fault", async () => {
    const pipeline = (next: (turn: { ask: never; messages: never }) => Promise<never>) =>
      createPipeline({ stages: { a: { model: saying("one"), next: next as never }, b: saying("two") } })
        .compile()
        .invoke({ messages: "Q" });
    const asking = async ({ ask, messages }: { ask: (...args: unknown[]) => unknown; messages: unknown }) =>
      ask(messages, { model: down() });
    expect((await pipeline(asking as never)).messages.at(-1)!.text).toBe("two");
    await expect(pipeline(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});

describe("several verifiers, one of them down", () => {
  const turned = (verify: Verify) =>
    createCascade({ models: { small: saying("draft"), large: saying("better") }, verify })
      .compile()
      .invoke({ messages: "Q" });
  const passes = check(() => true);
  const refuses = check(({ candidates }) => candidates.length > 1);

  it("do not let an answer through allOf that another one refuses, wherever the judge stands", async () => {
    for (const verify of [allOf(judgeWith(down()), refuses), allOf(refuses, judgeWith(down()))])
      expect((await turned(verify)).modelUsed).toBe("large");
    expect((await turned(allOf(judgeWith(down()), passes))).decisions[0]!.reason).toContain("not verified");
  });

  it("let an answer through anyOf that another one passes, and say nothing where none does", async () => {
    for (const verify of [anyOf(judgeWith(down()), passes), anyOf(passes, judgeWith(down()))])
      expect((await turned(verify)).decisions[0]!.reason).toBe("the check passed");
    expect((await turned(anyOf(judgeWith(down()), refuses))).decisions[0]!.reason).toContain("not verified");
  });
});

describe("a verdict's reason", () => {
  it("is kept in the state without the keys it quotes", async () => {
    const key = "sk-proj-a8Fk20sKq93ZxPw1LmNo4TuV";
    const graph = createCascade({
      models: { a: saying("A"), b: saying("B") },
      verify: () => ({ pass: true, reason: `the tool said: invalid key ${key}` }),
    });
    const state = await graph.compile().invoke({ messages: "Q" });
    expect(state.verdict?.reason).toContain("the tool said: invalid key");
    expect(JSON.stringify(state)).not.toContain(key);
  });
});
