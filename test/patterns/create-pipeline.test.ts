import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { END, MemorySaver, Overwrite } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  callsOf,
  createEnsemble,
  createFallback,
  createPipeline,
  InvalidModelNameError,
  InvalidOptionError,
  ModelCallError,
  majorityVote,
  type NextStage,
  UnknownRouteError,
  untilApproved,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

const thread = { configurable: { thread_id: "1" } };
const paths = (calls: readonly { path: string }[]) => calls.map(({ path }) => path);
const told = (decisions: readonly { kind: string; chosen: string }[]) =>
  decisions.map(({ kind, chosen }) => `${kind} ${chosen}`);
const texts = (outputs: readonly { stage: string; message: AIMessage }[]) =>
  outputs.map(({ stage, message }) => `${stage}: ${message.text}`);
/** A `next` that says one thing after the other. */
const choosing = <Name extends string>(...names: readonly (Name | undefined)[]): NextStage<Name> => {
  return ({ visits }) => names[visits - 1];
};

describe("createPipeline", () => {
  it("has the shape of its topology line", () => {
    const stages = { plan: saying(), code: saying(), review: { model: saying(), next: () => "code" as const } };
    expect(shapeOf(createPipeline({ stages }))).toMatchInlineSnapshot(`
      [
        "__start__ → plan",
        "code → review",
        "plan → code",
        "review ⇢ __end__",
        "review ⇢ code",
        "review ⇢ plan",
        "review ⇢ review",
      ]
    `);
  });

  it("passes the work from stage to stage and returns what the last one gave", async () => {
    const [plan, code] = [saying("the plan"), saying("the code")];
    const result = await createPipeline({ stages: { plan, code } }).compile().invoke({ messages: "Q" });
    expect(result.messages.map(({ text }) => text)).toEqual(["Q", "the code"]);
    expect(result).toMatchObject({ modelUsed: "code", confidence: null, decisions: [] });
    expect(texts(result.outputs)).toEqual(["plan: the plan", "code: the code"]);
    expect(paths(result.calls)).toEqual(["plan", "code"]);
    expect(plan.calls[0]!.messages.map(({ text }) => text)).toEqual(["Q"]);
    expect(code.calls[0]!.messages.map(({ text }) => text).join()).toMatch(/^Q,.*the plan/s);
  });

  it("sends work back until a stage lets it on, and keeps what every stage gave", async () => {
    const code = saying("draft", "better");
    const review = { model: saying("bad", "fine"), next: choosing("code", undefined) };
    const graph = createPipeline({ stages: { plan: saying("plan"), code, review, refine: saying("refined") } });
    const result = await graph.compile().invoke({ messages: "Q" });
    expect(texts(result.outputs)).toEqual([
      ...["plan: plan", "code: draft", "review: bad", "code: better", "review: fine", "refine: refined"],
    ]);
    expect(told(result.decisions)).toEqual(["revise code", "accept refine"]);
    expect(result.decisions.map(({ node }) => node)).toEqual(["review", "review"]);
    expect(code.calls[1]!.messages.map(({ text }) => text).join()).toMatch(/draft.*bad/s);
    expect(result.messages.at(-1)!.text).toBe("refined");
  });

  it("returns the last output of the stage that is the answer", async () => {
    const review = { model: saying("bad", "fine"), next: choosing("code", undefined) };
    const result = await createPipeline({ stages: { code: saying("draft", "better"), review }, answer: "code" })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.messages.map(({ text }) => text)).toEqual(["Q", "better"]);
    expect(result.modelUsed).toBe("code");
    const [usage, calls] = [(result.messages.at(-1) as AIMessage).usage_metadata, result.calls];
    expect(usage?.output_tokens).toBe(calls.reduce((sum, call) => sum + call.usage!.outputTokens, 0));
  });

  it("returns what the last stage gave where the answer was left out", async () => {
    const never = saying("never");
    const graph = createPipeline({
      stages: { triage: { model: saying("nothing to do"), next: () => END }, work: never },
      answer: "work",
    });
    const result = await graph.compile().invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "triage" });
    expect(result.messages.at(-1)!.text).toBe("nothing to do");
    expect([told(result.decisions), never.callCount]).toEqual([["accept __end__"], 0]);
  });

  it("gives a `next` the whole turn, and takes a verdict and a reason from it", async () => {
    const turns: unknown[] = [];
    const verdict = { pass: false, feedback: "shorter" };
    const graph = createPipeline({
      stages: {
        write: saying("text"),
        edit: {
          model: saying("edited"),
          next: ({ messages, outputs, answer, visits }) => {
            turns.push([messages.map(({ text }) => text), outputs.map(({ stage }) => stage), answer.text, visits]);
            return { name: "close", verdict, reason: "too long" };
          },
        },
        translate: saying("never"),
        close: saying("closed"),
      },
    });
    const result = await graph.compile().invoke({ messages: "Q" });
    expect(turns).toEqual([[["Q"], ["write", "edit"], "edited", 1]]);
    expect(result).toMatchObject({ verdict, modelUsed: "close" });
    expect(result.decisions).toEqual([{ node: "edit", kind: "accept", chosen: "close", reason: "too long" }]);
    expect(paths(result.calls)).toEqual(["write", "edit", "close"]);
  });

  it("goes on where a stage has had its visits, and says so", async () => {
    const code = { model: saying("1", "2", "3"), maxVisits: 2 };
    const review = { model: saying("no", "no", "never"), next: () => "code" as const };
    const result = await createPipeline({ stages: { code, review, refine: saying("done") } })
      .compile()
      .invoke({ messages: "Q" });
    expect(paths(result.calls)).toEqual(["code", "review", "code", "review", "refine"]);
    expect(told(result.decisions)).toEqual(["revise code", "stop refine"]);
    expect(result.decisions[1]!.reason).toMatch(/code has its 2 visits/);
  });

  it("visits a stage three times unless told otherwise", async () => {
    const stages = { code: { model: saying("1", "2", "3", "4"), next: () => "code" as const } };
    const result = await createPipeline({ stages }).compile().invoke({ messages: "Q" });
    expect(told(result.decisions)).toEqual(["revise code", "revise code", "stop __end__"]);
    expect(result.messages.map(({ text }) => text)).toEqual(["Q", "3"]);
  });

  it("ends a loop with its visits, or before the steps its caller allows are gone", async () => {
    const answers = Array.from({ length: 200 }, (_, index) => `${index}`);
    const code = { model: saying(...answers), maxVisits: 100 };
    const graph = () =>
      createPipeline({
        stages: {
          code,
          review: { model: saying(...answers), next: () => "code" as const },
          last: saying("end"),
        },
      });
    for (const [limits, visits, reason] of [
      [{}, 100, /100 visits/],
      [{ recursionLimit: 41 }, 19, /recursionLimit of 41/],
      [{ recursionLimit: 4 }, 1, /recursionLimit of 4/],
    ] as const) {
      const result = await graph().compile().invoke({ messages: "Q" }, limits);
      expect(result.outputs.filter(({ stage }) => stage === "code")).toHaveLength(visits);
      expect(result.modelUsed).toBe("last");
      expect(result.decisions.at(-1)).toMatchObject({ kind: "stop", chosen: "last" });
      expect(result.decisions.at(-1)!.reason).toMatch(reason);
    }
  });

  it("keeps the run when work is sent back to its first stage", async () => {
    const plan = saying("plan 1", "plan 2", "plan 3", "plan 4");
    const app = createPipeline({
      stages: { plan, review: { model: saying("no", "yes", "no", "yes"), next: choosing("plan", undefined) } },
    }).compile({ checkpointer: new MemorySaver() });
    const first = await app.invoke({ messages: "First" }, thread);
    expect(paths(first.calls)).toEqual(["plan", "review", "plan", "review"]);
    expect(first.outputs).toHaveLength(4);
    expect(new Set(first.calls.map(({ turnId }) => turnId)).size).toBe(1);
    const second = await app.invoke({ messages: "Second" }, thread);
    expect(texts(second.outputs).slice(0, 1)).toEqual(["plan: plan 3"]);
    expect(plan.calls[2]!.messages.map(({ text }) => text)).toEqual(["First", "yes", "Second"]);
  });

  it("starts a second turn on a thread afresh", async () => {
    const app = createPipeline({
      stages: {
        code: saying("1", "2", "3", "4"),
        review: { model: saying("n", "y", "n", "y"), next: choosing("code", undefined) },
      },
      answer: "code",
    }).compile({ checkpointer: new MemorySaver() });
    await app.invoke({ messages: "First" }, thread);
    const { messages, outputs, decisions } = await app.invoke({ messages: "Second" }, thread);
    expect(messages.map(({ text }) => text)).toEqual(["First", "2", "Second", "4"]);
    expect([outputs.length, told(decisions)]).toEqual([4, ["revise code", "accept __end__"]]);
  });

  it("works on with an output that was edited before a stage", async () => {
    const code = saying("code");
    const app = createPipeline({ stages: { plan: saying("plan"), code } }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["code"],
    });
    await app.invoke({ messages: "Q" }, thread);
    expect(code.callCount).toBe(0);
    const outputs = new Overwrite([{ stage: "plan", message: new AIMessage("my plan") }]);
    await app.updateState(thread, { outputs } as never);
    const result = await app.invoke(null, thread);
    expect(texts(result.outputs)).toEqual(["plan: my plan", "code: code"]);
    expect(code.calls[0]!.messages.at(-1)!.text).toMatch(/my plan/);
  });

  it("takes an output that was added over HTTP for the newest of its stage", async () => {
    const app = createPipeline({ stages: { plan: saying("plan"), code: saying("code") }, answer: "plan" }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["code"],
    });
    await app.invoke({ messages: "Q" }, thread);
    const added = JSON.parse('{ "stage": "plan", "message": { "role": "assistant", "content": "my plan" } }');
    await app.updateState(thread, { outputs: [added] } as never);
    const result = await app.invoke(null, thread);
    expect(result.messages.at(-1)!.text).toBe("my plan");
  });

  it("goes where an edited `next` says", async () => {
    const app = createPipeline({
      stages: {
        code: saying("1", "2"),
        review: { model: saying("no", "yes"), next: choosing("code", undefined) },
        refine: saying("r"),
      },
    }).compile({ checkpointer: new MemorySaver(), interruptAfter: ["review"] });
    await app.invoke({ messages: "Q" }, thread);
    await app.updateState(thread, { next: "refine" }, "review");
    expect(paths((await app.invoke(null, thread)).calls)).toEqual(["code", "review", "refine"]);
  });

  it("gives each stage its own context, else that of the pipeline", async () => {
    const [one, two] = [saying("1"), saying("2")];
    const graph = createPipeline({
      stages: {
        one,
        two: {
          model: two,
          systemPrompt: "Be two.",
          context: ({ outputs }) => [new HumanMessage(`after ${outputs[0]!.message.text}`)],
        },
      },
      context: () => [new HumanMessage("nothing else")],
    });
    await graph.compile().invoke({ messages: "Q" });
    expect(one.calls[0]!.messages.map(({ text }) => text)).toEqual(["nothing else"]);
    expect(two.calls[0]!.messages.map(({ text }) => text)).toEqual(["Be two.", "after 1"]);
  });

  it("leaves out what does not fit the window of a model, and says so", async () => {
    const code = saying("code");
    const graph = createPipeline({ stages: { plan: saying("plan"), code: { model: code, contextWindow: 200 } } });
    const messages = [new HumanMessage("old ".repeat(200)), new AIMessage("An answer"), new HumanMessage("Q")];
    const result = await graph.compile().invoke({ messages });
    expect(told(result.decisions)).toEqual(["skip code"]);
    expect(result.decisions[0]!.reason).toMatch(
      /^of 4 messages 2 left out and 0 cut short, to fit its window of 200 tokens$/,
    );
    expect(code.calls[0]!.messages.map(({ text }) => text).join()).toMatch(/^Q,.*plan/s);
  });

  it("ends in the error of a stage that fails, with its path and what was paid", async () => {
    const never = saying("never");
    const code = { model: saying(httpError(500)), retry: false } as const;
    const run = createPipeline({ stages: { plan: saying("plan"), code, refine: never } })
      .compile()
      .invoke({ messages: "Q" })
      .catch((error: unknown) => error);
    const error = await run;
    expect(ModelCallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ path: "code", status: 500 });
    expect(callsOf(error).map(({ path, status }) => `${path} ${status}`)).toEqual(["plan ok", "code error"]);
    expect(never.callCount).toBe(0);
  });

  it("ends in the error of a context strategy's model", async () => {
    const asked = { model: saying(httpError(500)), retry: false } as const;
    const one = saying("never");
    const graph = createPipeline({
      stages: { one: { model: one, context: async ({ messages, ask }) => [await ask(messages, { model: asked })] } },
    });
    await expect(graph.compile().invoke({ messages: "Q" })).rejects.toMatchObject({
      name: "ModelCallError",
      path: "one",
    });
    expect(one.callCount).toBe(0);
  });

  it("takes a chain as a stage: its path is in the ledger, and who answered in `modelUsed`", async () => {
    const chain = createFallback({
      models: { large: { model: saying(httpError(500)), retry: false }, small: saying("the code") },
    });
    const result = await createPipeline({
      stages: { plan: saying("plan"), code: chain, review: saying("fine") },
      answer: "code",
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.modelUsed).toBe("code/small");
    expect(paths(result.calls)).toEqual(["plan", "code/large", "code/small", "review"]);
    expect(result.outputs.map(({ modelUsed }) => modelUsed)).toEqual([undefined, "code/small", undefined]);
  });

  it("is a lane of an ensemble beside another pipeline, each with its own work", async () => {
    const lane = (name: string) =>
      createPipeline({
        stages: {
          code: saying(`${name} 1`, "same"),
          review: { model: saying("no", "yes"), next: choosing("code", undefined) },
        },
        answer: "code",
      });
    const models = { one: lane("one"), two: lane("two") };
    const result = await createEnsemble({ models, aggregate: majorityVote(), stopEarly: false })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "one/code", confidence: 1, outputs: [] });
    expect(result.calls).toHaveLength(8);
  });

  it("keeps the confidence of a vote that is the answer", async () => {
    const vote = createEnsemble({
      models: { a: saying("yes"), b: saying("yes"), c: saying("no") },
      aggregate: majorityVote(),
      stopEarly: false,
    });
    const result = await createPipeline({ stages: { vote, explain: saying("because") }, answer: "vote" })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.confidence).toBeCloseTo(2 / 3);
  });

  it("goes on where the model a `next` asks fails", async () => {
    const judge = { model: saying(httpError(500)), retry: false } as const;
    const graph = createPipeline({
      stages: {
        one: {
          model: saying("1"),
          next: async ({ messages, ask }) => ((await ask(messages, { model: judge })).text === "no" ? "one" : "two"),
        },
        two: saying("2"),
      },
    });
    const result = await graph.compile().invoke({ messages: "Q" });
    expect([result.modelUsed, told(result.decisions)]).toEqual(["two", ["accept two"]]);
    expect(result.decisions[0]!.reason).toMatch(/undecided.*server/);
    expect(result.calls.map(({ role, status }) => `${role} ${status}`)).toEqual([
      "answer ok",
      "judge error",
      "answer ok",
    ]);
  });

  it("refuses a stage beside the targets a `next` is known to have, and goes where an edited `next` says among them", async () => {
    const targets = ["one", END] as const;
    const straying: NextStage<"one"> = Object.assign(() => "three" as "one", { targets });
    const two = { model: saying("2", "2"), next: straying };
    const stray = createPipeline({ stages: { one: saying("1"), two, three: saying("3") } });
    expect(await stray.compile().invoke({ messages: "Q" })).toMatchObject({ modelUsed: "three" }); // the stage that follows
    const stages = { one: saying("1"), two, last: saying(), three: saying() };
    const run = createPipeline({ stages }).compile().invoke({ messages: "Q" });
    await expect(run).rejects.toMatchObject({ route: "three", available: ["one", "last", "__end__"] });
    const going: NextStage<"one"> = Object.assign(() => undefined, { targets });
    const never = saying("never");
    const app = createPipeline({
      stages: { one: saying("1"), two: { model: saying("2"), next: going }, never },
    }).compile({
      checkpointer: new MemorySaver(),
      interruptAfter: ["two"],
    });
    await app.invoke({ messages: "Q" }, thread);
    await app.updateState(thread, { next: END }, "two");
    await app.invoke(null, thread);
    expect((await app.getState(thread)).next).toEqual([]);
    expect(never.callCount).toBe(0);
  });

  it("refuses a stage that is none", async () => {
    const graph = createPipeline({ stages: { one: { model: saying("1"), next: () => "three" as "one" } } });
    const run = graph.compile().invoke({ messages: "Q" });
    await expect(run).rejects.toSatisfy(UnknownRouteError.isInstance);
    await expect(run).rejects.toMatchObject({ route: "three", available: ["one", "__end__"] });
  });

  it("refuses what cannot work before anything runs", () => {
    const one = saying();
    const refused: readonly [object | undefined, string][] = [
      [undefined, "createPipeline"],
      [{ stages: {} }, "createPipeline.stages"],
      [{ stages: { one }, answer: "two" }, "createPipeline.answer"],
      [{ stages: { one }, context: "all" }, "createPipeline.context"],
      [{ stages: { one: { model: one, context: null } } }, "createPipeline.stages.one.context"],
      [{ stages: { one: { model: one, next: "two" } } }, "createPipeline.stages.one.next"],
      [{ stages: { one: { model: one, next: untilApproved("two") } } }, "createPipeline.stages.one.next"],
      [{ stages: { one: { model: one, nxt: () => "one" } } }, "createPipeline.stages.one.nxt"],
      ...[0, -1, 1.5, Number.NaN, "2"]
        .map(
          (maxVisits) =>
            [{ stages: { one: { model: one, maxVisits } } }, "createPipeline.stages.one.maxVisits"] as const,
        )
        .map(([given, option]): [object, string] => [given, option]),
    ];
    for (const [options, option] of refused) {
      let error: unknown;
      try {
        createPipeline(options as never);
      } catch (thrown) {
        error = thrown;
      }
      expect([option, InvalidOptionError.isInstance(error)]).toEqual([option, true]);
      expect(error).toMatchObject({ option });
    }
    expect(() => createPipeline({ stages: { outputs: one } })).toThrow(InvalidModelNameError);
  });
});
