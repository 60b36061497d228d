import { describe, expect, it } from "vitest";
import { BudgetExceededError, createFallback, subscribe } from "../../../src/index.js";
import { budgetStates } from "../../../src/resilience/budget.js";
import { useLoopback } from "../../support/use-loopback.js";
import { load, problemsOf } from "../support/parse.js";

const { server } = useLoopback();
const file = (budget: string, graph = "") => `models:
  small: { provider: openai-compatible, model: gpt-4o-mini, baseUrl: "${server.openaiUrl}"${budget && `, budget: ${budget}`} }
  other: { provider: openai-compatible, model: gpt-4o-mini, baseUrl: "${server.openaiUrl}" }
graphs: { chain: { pattern: fallback, models: [small, other]${graph && `, budget: ${graph}`} } }
`;

describe("budget of a model in a file", () => {
  it("skips a model whose call does not fit, and sends maxOutputTokens", async () => {
    const { graphs } = await load(file("{ usd: 0, per: day }").replace("other: {", "other: { maxOutputTokens: 50,"));
    const { modelUsed } = await graphs.chain!.compile().invoke({ messages: "Hi" }, { context: { maxCostUsd: 1 } });
    expect(modelUsed).toBe("other");
    expect(server.requests.map(({ body }) => body.max_tokens ?? body.max_completion_tokens)).toEqual([50]);
  });

  it("has the name of the model, and is in its roles too", async () => {
    const { models, roles } = await load(
      `${file("{ usd: 20, per: month }")}roles: { main: { model: small, parameters: { temperature: 0 } } }`,
    );
    expect(models.small!.budget).toMatchObject({ name: "small", limitUsd: 20 });
    expect(roles.main!.budget).toBe(models.small!.budget);
    expect(models.other!.budget).toBeUndefined();
  });

  it("is one budget with those of its name", async () => {
    const shared = "{ usd: 1, per: hour, name: shared }";
    const text = file(shared).replace("other: {", "other: { budget: { name: shared, per: hour, usd: 1 },");
    const { models } = await load(text);
    expect(models.other!.budget).toBe(models.small!.budget);
  });

  it("publishes its shares", async () => {
    const { models } = await load(file("{ usd: 1, per: day, onShare: [0.000001] }"));
    const shares: unknown[] = [];
    const end = subscribe({ onBudget: ({ budget, share }) => shares.push([budget, share]) });
    await createFallback({ models: { small: models.small! } })
      .compile()
      .invoke({ messages: "Hi" });
    end();
    expect(shares).toEqual([["small", 0.000001]]);
  });
});

describe("budget of a graph in a file", () => {
  it("ends a run that does not fit", async () => {
    const { graphs } = await load(file("", "{ usd: 0, per: day }"));
    const error = await graphs
      .chain!.compile()
      .invoke({ messages: "Hi" })
      .catch((thrown: unknown) => thrown);
    expect(BudgetExceededError.isInstance(error) && error.limitUsd).toBe(0);
    expect(server.requests).toHaveLength(0);
  });

  it("counts each value of a field of the context by itself, and runs without it for none", async () => {
    const { graphs } = await load(file("", "{ usd: 0, per: day, by: tenant }"));
    const chain = graphs.chain!.compile();
    await expect(chain.invoke({ messages: "Hi" }, { context: { tenant: "acme" } })).rejects.toThrow("chain");
    expect((await chain.invoke({ messages: "Hi" }, { context: { tenant: "" } })).modelUsed).toBe("small");
    expect((await chain.invoke({ messages: "Hi" })).modelUsed).toBe("small");
  });

  it("counts only the tags it names, and models of unknown price at assumePrice", async () => {
    const chainOf = async (budget: string) => {
      const { graphs } = await load(file("", budget).replaceAll("model: gpt-4o-mini", "model: mine, price: null"));
      return graphs.chain!.compile();
    };
    const tagged = { context: { tags: ["batch"] } };
    const strict = await chainOf("{ usd: 1, per: day, tags: [batch] }");
    expect((await strict.invoke({ messages: "Hi" })).modelUsed).toBe("small");
    await expect(strict.invoke({ messages: "Hi" }, tagged)).rejects.toThrow("price");
    const assumed = await chainOf("{ usd: 1, per: day, tags: [batch], assumePrice: { input: 1, output: 2 } }");
    expect((await assumed.invoke({ messages: "Hi" }, tagged)).modelUsed).toBe("small");
  });

  it("goes on where the graphs are built anew", async () => {
    const { graphsOf } = await load(file("", "{ usd: 1, per: day, name: built anew }"));
    graphsOf((_, entry) => entry);
    expect(budgetStates().filter(({ name }) => name === "built anew")).toHaveLength(1);
  });
});

describe("a budget that cannot be", () => {
  it("is reported, each field at its place and all at once", async () => {
    const text = file(
      "{ usd: -1, per: week, onShare: [0.5, 2], tags: [] }",
      "{ per: day, key: sessionId, assumePrice: { input: 1 } }",
    );
    const problems = await problemsOf(text);
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "models.small.budget.usd: is too small; write 0 or more",
      "models.small.budget.per: is not known; write one of hour, day, month",
      "models.small.budget.tags: has too few entries; write at least 1",
      "models.small.budget.onShare[1]: is too large; write at most 1",
      "graphs.chain.budget.usd: is missing; write a number",
      "graphs.chain.budget.assumePrice.output: is missing; write a number",
      "graphs.chain.budget.key: is an unknown field; write one of usd, per, name, by, tags, assumePrice, onShare",
    ]);
  });

  it("is one of another's name with other values", async () => {
    const [problem, ...more] = await problemsOf(
      file("{ usd: 1, per: day, name: team }", "{ usd: 2, per: day, name: team }"),
    );
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      path: "graphs.chain.budget",
      message:
        "has the name of models.small.budget, but other values; write the same values, since budgets of one name are one, or another name",
    });
  });
});
