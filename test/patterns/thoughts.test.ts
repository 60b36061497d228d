import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  bestOf,
  byKeyword,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  fullHistory,
  groundedIn,
  judgeWith,
  latestOnly,
  longest,
  majorityVote,
  matchesSchema,
  normalizeChoice,
  normalizeNumber,
  normalizeYesNo,
  readApproval,
  selfReported,
  summarizeWith,
  synthesizeWith,
  textOf,
  untilApproved,
} from "../../src/index.js";
import { readScore } from "../../src/text/judgements/read-score.js";
import { saying } from "../support/fakes.js";

const ask = { messages: "Capital of France?" };

/** Where providers put a thought: around it, and as blocks of their own. */
const forms: readonly (readonly [where: string, thinking: (thought: string, answer: string) => AIMessage])[] = [
  ["<think>", (thought, answer) => new AIMessage(`<think>${thought}</think>\n${answer}`)],
  ["</think> alone", (thought, answer) => new AIMessage(`${thought}</think>\n${answer}`)],
  ["<thinking>", (thought, answer) => new AIMessage(`<thinking>\n${thought}\n</thinking>\n\n${answer}`)],
  ["[THINK]", (thought, answer) => new AIMessage(`[THINK]${thought}[/THINK]${answer}`)],
  [
    "channels",
    (thought, answer) =>
      new AIMessage(
        `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${answer}`,
      ),
  ],
  [
    "a reasoning block",
    (thought, answer) =>
      new AIMessage({
        content: [
          { type: "reasoning", reasoning: thought },
          { type: "text", text: answer },
        ],
      }),
  ],
  [
    "a text block marked as thought",
    (thought, answer) =>
      new AIMessage({
        content: [
          { type: "text", text: thought, thought: true },
          { type: "text", text: answer },
        ],
      }),
  ],
];

describe.each(forms)("a thought in %s", (_where, thinking) => {
  it("is not voted on, and stays in the message that is returned", async () => {
    const first = thinking("Lyon? No.", "Paris");
    const models = { a: saying(first), b: saying(thinking("Easy.", "Paris")), c: saying("Lyon") };
    const state = await createEnsemble({ models, aggregate: majorityVote() }).compile().invoke(ask);
    expect(state).toMatchObject({ aggregate: { agreement: "majority" }, confidence: 2 / 3 });
    expect(state.messages.at(-1)!.content).toEqual(first.content);
  });

  it("is no number, choice, yes, score or approval", () => {
    expect(textOf(thinking("a", "b"))).toBe("b");
    expect(normalizeNumber(thinking("The answer is 12.\nNo, 18.", "18"))).toBe("18");
    expect(normalizeChoice("ABCD")(thinking("I think the answer is A. No.", "B"))).toBe("B");
    expect(normalizeYesNo(thinking("The answer is yes? Hmm, no.", "No."))).toBe("no");
  });

  it("is neither judged nor the judge's score", async () => {
    const judge = saying(thinking("\nScore: 3\nNo, it is right.\n", "Right. I give it 9/10."));
    const models = { small: saying(thinking("a secret doubt", "Paris")), large: saying("Lyon") };
    const state = await createCascade({ models, verify: judgeWith(judge) })
      .compile()
      .invoke(ask);
    expect(state.modelUsed).toBe("small");
    expect(JSON.stringify(judge.calls[0]!.messages)).not.toContain("a secret doubt");
  });

  it("is not the pick of a judge, nor shown to it or to a synthesizer", async () => {
    const answers = () => ({ a: saying(thinking("a secret doubt", "Paris")), b: saying("Paris, on the Seine") });
    const judge = saying(thinking("Best: 1? No.", "Best: 2"));
    const picked = await createEnsemble({ models: answers(), aggregate: bestOf(judge) })
      .compile()
      .invoke(ask);
    expect(picked.decisions.at(-1)!.reason).toMatch(/^the judge picked/);
    const writer = saying("Paris");
    await createEnsemble({ models: answers(), aggregate: synthesizeWith(writer) })
      .compile()
      .invoke(ask);
    for (const { calls } of [judge, writer]) expect(JSON.stringify(calls)).not.toContain("a secret doubt");
  });

  it("makes no answer longer", async () => {
    const models = { a: saying(thinking("long ".repeat(50), "Paris")), b: saying("Paris, the capital") };
    const state = await createEnsemble({ models, aggregate: longest() }).compile().invoke(ask);
    expect(state.modelUsed).toBe("b");
  });

  it("routes nowhere", async () => {
    const models = { code: saying("c"), chat: saying("h") };
    const classifier = saying(thinking("Is it code? No.", "chat"));
    const graph = createRouter({ models, route: classifyWith(classifier), fallback: saying("f") }).compile();
    expect((await graph.invoke(ask)).modelUsed).toBe("chat");
    const keyword = byKeyword({ code: ["bug"], chat: ["hello"] });
    const turn = {
      messages: [thinking("a bug?", "hello")],
      models: [],
      ask: undefined as never,
      state: {},
      config: {},
    };
    expect(keyword(turn)).toMatchObject({ name: "chat" });
  });

  it("is no JSON, figure or confidence of the answer", async () => {
    const city = matchesSchema(z.object({ city: z.string() }));
    for (const [verify, answer] of [
      [city, thinking('```json\n{"city": 5}\n```', '{"city":"Paris"}')],
      [groundedIn({ sources: () => ["It has 2 million inhabitants."] }), thinking("3 million?", "2 million")],
      [selfReported(), thinking("Confidence: 10%", "Paris\nConfidence: 90%")],
    ] as const) {
      const graph = createCascade({ models: { small: saying(answer), large: saying("Lyon") }, verify });
      expect((await graph.compile().invoke(ask)).modelUsed).toBe("small");
    }
  });

  it("is no item of a plan, and no part of a section", async () => {
    const reduce = saying("r");
    const plan = saying(thinking("\nCats first,\nthen dogs.\n", "cats\ndogs"));
    const worker = saying(thinking("a secret doubt", "Cats purr."), thinking("a secret doubt", "Dogs bark."));
    const { items } = await createMapReduce({ plan, worker, reduce }).compile().invoke(ask);
    expect(items).toEqual(["cats", "dogs"]);
    expect(JSON.stringify(reduce.calls)).toContain("Dogs bark.");
    expect(JSON.stringify(reduce.calls)).not.toContain("a secret doubt");
  });

  it("is no review", async () => {
    const review = saying(thinking("Should I reject? Is something missing? No.", "Approved."));
    const stages = { code: saying("c"), review: { model: review, next: untilApproved("code") } };
    const state = await createPipeline({ stages }).compile().invoke(ask);
    expect(state.outputs).toHaveLength(2);
    expect(state.verdict).toMatchObject({ pass: true, feedback: "Approved." });
  });

  it.each([
    ["fullHistory", fullHistory()],
    ["latestOnly", latestOnly()],
  ])("is no work that %s hands on", async (_name, context) => {
    const write = saying("w");
    const plan = saying(thinking("a secret doubt", "the plan"));
    const state = await createPipeline({ stages: { plan, write }, context }).compile().invoke(ask);
    expect(JSON.stringify(write.calls)).toContain("the plan");
    expect(JSON.stringify(write.calls)).not.toContain("a secret doubt");
    expect(JSON.stringify(state.outputs[0]!.message.content)).toContain("a secret doubt");
  });

  it("is no draft to revise and no summary", async () => {
    const model = saying(thinking("a secret doubt", "Lyon"), "Paris");
    const gate = createQualityGate({ model, verify: ({ answer }) => ({ pass: textOf(answer) === "Paris" }) });
    expect((await gate.compile().invoke(ask)).messages.at(-1)!.text).toBe("Paris");
    expect(JSON.stringify(model.calls[1])).not.toContain("a secret doubt");
    const write = {
      model: saying("w"),
      context: summarizeWith(saying(thinking("a secret doubt", "the sum")), { maxTokens: 1 }),
    };
    const stages = { plan: saying("the plan ".repeat(9)), draft: saying("the draft"), write };
    await createPipeline({ stages }).compile().invoke(ask);
    expect(JSON.stringify(write.model.calls)).toContain("the sum");
    expect(JSON.stringify(write.model.calls)).not.toContain("a secret doubt");
  });

  it("is no answer by itself", async () => {
    const models = { a: saying(thinking("Let me see", ""), thinking("Let me see", " \n")), b: saying("Paris") };
    const state = await createFallback({ models }).compile().invoke(ask);
    expect(state.modelUsed).toBe("b");
  });
});

describe("readScore and readApproval", () => {
  it("read what follows a thought", () => {
    expect(readScore("<think>\nScore: 3\n</think>\n8/10", [1, 10])).toBe(8);
    expect(readScore("<think>\nScore: 3", [1, 10])).toBeUndefined();
    expect(readApproval("<think>Rejected? No.</think>\nApproved.")).toBe(true);
    expect(readApproval("<think>\nApproved.")).toBeUndefined();
  });
});

describe("a user's words", () => {
  it("are no thoughts, whatever they look like", async () => {
    const model = saying("x");
    const judge = saying("Score: 9");
    const graph = createCascade({ models: { model, large: saying("y") }, verify: judgeWith(judge) }).compile();
    await graph.invoke({ messages: "<think>What do these tags mean?</think>" });
    expect(JSON.stringify(judge.calls)).toContain("What do these tags mean?");
  });
});
