import { AIMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidModelError, InvalidOptionError, ModelCallError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byComplexity, type ComplexityOptions } from "../../src/routing/by-complexity.js";
import { type Complexity, detectComplexity } from "../../src/routing/detect-complexity.js";
import { firstOf } from "../../src/routing/first-of.js";
import { type RouteTurn, toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";
import { routeTurn } from "./turn.js";

const levels = { simple: "small", moderate: "medium", complex: "large", critical: "premium" } as const;
type Levels = Partial<Record<Complexity, string>>;
const rate = (text: string) => detectComplexity({ messages: [new HumanMessage(text)] });

async function choose(
  question: string,
  { models = levels, context = {}, ...options }: ComplexityOptions & { models?: Levels; context?: object } = {},
  answers: readonly (string | AIMessage | Error)[] = [],
) {
  const { turn, asked } = routeTurn(question, Object.values(models), answers);
  return { choice: toChoice(await byComplexity<string>(models, options)({ ...turn, config: { context } })), asked };
}

/** The rules of the two systems it replaces: by words and length, and by length, question mark and words. */
const wordsAndLength = (text: string): Complexity => {
  const has = (...words: string[]) => words.some((word) => text.toLowerCase().includes(word));
  if (has("json", "extract")) return "simple";
  if (has("creative", "unique", "original", "detailed") || text.length > 2_000) return "complex";
  return text.length < 500 ? "simple" : "moderate";
};
const questionShape = (text: string): Complexity | undefined => {
  if (text.length < 50 && text.includes("?")) return "simple";
  const analytic = ["analyze", "compare", "explain why", "evaluate"];
  return analytic.some((word) => text.toLowerCase().includes(word)) ? "complex" : undefined;
};

describe("detectComplexity", () => {
  it.each<[Complexity, string]>([
    ["simple", "What is TypeScript?"],
    ["simple", "Extract the dates from this letter and compare them"],
    ["simple", `Return JSON. ${"x".repeat(3_000)}`],
    ["simple", "Is this a creature?"],
    ["simple", "Can you compare A with B?"],
    ["simple", "Good morning"],
    ["simple", ""],
    ["moderate", "x".repeat(500)],
    ["moderate", "x".repeat(2_000)],
    ["complex", "x".repeat(2_001)],
    ["complex", "Write a CREATIVE story"],
    ["complex", "Give me a unique name?"],
    ["complex", "Please analyse how the engine behaves, and evaluate it"],
    ["complex", "Prove the Riemann hypothesis"],
    ["complex", "Derive the equations of motion"],
    ["simple", "Improve the proverb"],
    ["critical", "We have a production outage, what do we do first?"],
    ["critical", "Is the production down?"],
    ["critical", "May I double the dosage?"],
    ["critical", "My landlord has filed a lawsuit against me"],
    ["critical", "Analyse where I should put my retirement savings"],
    ["simple", "Extract the dosage"],
    ["complex", "Write a detailed story about a lawsuit"],
    ["complex", `A lawsuit ${"x".repeat(2_000)}`],
    ["complex", "Explain why the sky is red in the evening, and blue at noon"],
  ])("finds %s: %o", (complexity, text) => {
    expect(rate(text)).toBe(complexity);
  });

  it("keeps the rules of the systems it replaces, wherever they do not contradict one another", () => {
    const word = fc.constantFrom("json", "Extract", "creative", "compare", "explain why", "the", "fox", "?", "analyze");
    const text = fc
      .tuple(fc.array(word, { maxLength: 8 }), fc.constantFrom(0, 20, 480, 520, 2_100))
      .map(([words, length]) => `${words.join(" ")} ${"x".repeat(length)}`);
    fc.assert(
      fc.property(text, (request) => {
        const shape = questionShape(request);
        const worded = /json|extract|creative/i.test(request) || request.length > 2_000;
        expect(rate(request)).toBe(worded || shape === undefined ? wordsAndLength(request) : shape);
      }),
      { numRuns: 500 },
    );
  });

  it("reads the last message a person wrote", () => {
    const messages = [new HumanMessage("Analyze everything, in the finest points of it"), new AIMessage("Done")];
    expect(detectComplexity({ messages: [...messages, new HumanMessage("Thanks")] })).toBe("simple");
    expect(detectComplexity({ messages })).toBe("complex");
    expect(detectComplexity({ messages: [] })).toBe("simple");
  });
});

describe("byComplexity", () => {
  it("chooses the model of the level it detects, with the level as label, and says why", async () => {
    expect((await choose("Good morning")).choice).toEqual({
      name: "small",
      label: "simple",
      reason: "simple: it has 12 characters, under 500",
    });
    expect((await choose("Write a creative story")).choice).toMatchObject({
      name: "large",
      reason: 'complex: "creative" is in it',
    });
  });

  it("takes a complexity that is given, whatever it would detect", async () => {
    const { choice, asked } = await choose("Good morning", {
      context: { complexity: "critical" },
      detect: saying("simple"),
    });
    expect(choice).toEqual({ name: "premium", label: "critical", reason: "critical: given by the run context" });
    expect(asked).toEqual([]);
  });

  it.each<[Complexity, Levels, string]>([
    ["simple", { moderate: "m", complex: "c" }, "m"],
    ["simple", { critical: "p" }, "p"],
    ["moderate", { simple: "s", complex: "c" }, "c"],
    ["complex", { simple: "s", critical: "p" }, "p"],
    ["critical", { simple: "s", complex: "c" }, "c"],
    ["moderate", { simple: "s" }, "s"],
  ])("takes for %s without a model, out of %o, %s", async (complexity, models, name) => {
    const { choice } = await choose("Hi", { models, context: { complexity } });
    expect(choice).toMatchObject({ name, label: complexity });
    expect(choice.reason).toMatch(
      new RegExp(
        `^${complexity}, which has no model, so (moderate|complex|critical|simple): given by the run context$`,
      ),
    );
  });

  it("asks a function of the turn", async () => {
    const seen: unknown[] = [];
    const detect = async ({ messages, models }: RouteTurn): Promise<Complexity> => {
      seen.push(messages[0]?.text, models.length);
      return "moderate";
    };
    expect((await choose("Hi", { detect })).choice).toEqual({
      name: "medium",
      label: "moderate",
      reason: "moderate: detected",
    });
    expect(seen).toEqual(["Hi", 4]);
  });

  it("reproduces selection by length, question mark and words with a function of one line", async () => {
    const detect: ComplexityOptions["detect"] = ({ messages }) => questionShape(messages.at(-1)!.text) ?? "moderate";
    const models = { simple: "fast", moderate: "default", complex: "expert" };
    const named = async (question: string) => (await choose(question, { models, detect })).choice.name;
    expect(await named("What is TypeScript?")).toBe("fast");
    expect(await named("Compare TypeScript with Flow in depth, and in all respects")).toBe("expert");
    expect(await named("Tell me a story")).toBe("default");
  });

  it("asks a model, which is billed as a router, and is told what the levels mean", async () => {
    const detect = saying();
    const { choice, asked } = await choose("Move my savings", { detect }, ["**Critical**"]);
    expect(choice).toMatchObject({ name: "premium", label: "critical" });
    expect(choice.reason).toBe('critical: the classifier said "critical"');
    expect(asked[0]?.options).toMatchObject({ model: detect, role: "router", schema: { name: "choose" } });
    expect(asked[0]?.messages[0]?.text).toContain("- critical: a mistake would be expensive");
    expect(asked[0]?.messages.at(-1)?.text).toBe("<message>\nMove my savings\n</message>");
  });

  it("takes the level a tool call names, also where a model is called like a level", async () => {
    const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "choose", args: { label: "simple" } }] });
    expect(
      (await choose("Hi", { detect: saying(), models: { simple: "complex", complex: "simple" } }, [call])).choice.name,
    ).toBe("complex");
  });

  it("makes no decision of a word that is no level, nor when the model fails", async () => {
    const failure = new ModelCallError({ path: "r", class: "server", cause: undefined, reason: "down", movesOn: true });
    const none = { name: undefined, reason: expect.any(String) };
    for (const { choice } of [
      await choose("Hi", { context: { complexity: "hard" } }),
      await choose("Hi", { detect: () => undefined }),
      await choose("Hi", { detect: () => "constructor" as never }),
      await choose("Hi", { detect: saying() }, ["no idea"]),
      await choose("Hi", { detect: saying() }, [failure]),
    ])
      expect(choice).toEqual(none);
    expect((await choose("Hi", { context: { complexity: "hard" } })).choice.reason).toBe(
      '"hard" was given by the run context; the levels are simple, moderate, complex, critical',
    );
  });

  it("goes on with what it can detect when a model fails, in one line", async () => {
    const { turn } = routeTurn<string>("Hi", ["small"], ["no idea"]);
    const route = firstOf<string>(byComplexity<string>(levels, { detect: saying() }), byComplexity<string>(levels));
    expect(toChoice(await route(turn))).toMatchObject({ name: "small", label: "simple" });
  });

  it.each<[Levels]>([[{}], [{ easy: "small" } as Levels], [{ simple: "" }], [null as never], [["small"] as never]])(
    "refuses %o when it is made",
    (wrong) => {
      expect(() => byComplexity(wrong)).toThrow(InvalidOptionError);
    },
  );

  it("refuses a detector that is neither a function nor a model", () => {
    expect(() => byComplexity(levels, { detect: "small" as never })).toThrow(InvalidModelError);
    expect(() => byComplexity(levels, { detect: {} as never })).toThrow(/byComplexity\.detect/);
  });

  it("routes runs of a graph: detected, asked, given", async () => {
    const judge = saying("complex");
    const models = { small: saying("s", "s"), large: saying("l", "l") };
    const detected = createRouter({ models, route: byComplexity({ simple: "small", complex: "large" }) }).compile();
    expect((await detected.invoke({ messages: "Hi" })).modelUsed).toBe("small");
    const given = await detected.invoke({ messages: "Hi" }, { context: { complexity: "critical" } });
    expect(given).toMatchObject({ modelUsed: "large", decisions: [{ label: "critical", chosen: "large" }] });
    const route = byComplexity({ simple: "small", complex: "large" }, { detect: judge });
    const asked = await createRouter({ models, route }).compile().invoke({ messages: "Hi" });
    expect(asked).toMatchObject({
      modelUsed: "large",
      calls: [{ role: "router", path: "router" }, { role: "answer" }],
    });
  });

  itOverClients("asks a model how hard it is, unless the caller says so", async ({ client, asked }) => {
    const judge = client("judge", { toolCalls: [{ name: "choose", args: { label: "complex" } }] }, "It is **simple**.");
    const models = { small: client("small", "s"), large: client("large", "l") };
    const route = byComplexity({ simple: "small", complex: "large" }, { detect: judge });
    const graph = createRouter({ models, route }).compile();
    const used = async (context = {}) => (await graph.invoke({ messages: "Hi" }, { context })).modelUsed;
    expect([await used(), await used(), await used({ complexity: "critical" })]).toEqual(["large", "small", "large"]);
    expect(asked()).toEqual({ judge: 2, small: 1, large: 2 });
  });
});
