import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byTask, type TaskOptions } from "../../src/routing/by-task.js";
import { detectComplexity } from "../../src/routing/detect-complexity.js";
import { toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

type Tier = "small" | "medium" | "large" | "premium";

/** The table of the game-master system: task type by complexity, `medium` for what is missing. */
const table: TaskOptions<Tier>["table"] = {
  parsing: { simple: "small", moderate: "small" },
  description: { simple: "small", moderate: "medium", complex: "large" },
  narration: { simple: "small", moderate: "medium", complex: "large" },
  dialogue: { simple: "medium", moderate: "medium", complex: "large" },
  generation: { moderate: "medium", complex: "large", critical: "premium" },
  decision: { critical: "premium" },
};

async function choose(options: Partial<TaskOptions<Tier>>, { context = {}, question = "Hi" } = {}) {
  const { turn } = routeTurn<Tier>(question, ["small", "medium", "large", "premium"]);
  const route = byTask<Tier>({ table, default: "medium", ...options });
  return toChoice(await route({ ...turn, config: { context } }));
}

describe("byTask", () => {
  it("chooses by task and complexity, and the default for every missing cell", async () => {
    const tiers = async (task: string) =>
      Promise.all(
        ["simple", "moderate", "complex", "critical"].map(
          async (complexity) => (await choose({ task, complexity })).name,
        ),
      );
    expect(await tiers("parsing")).toEqual(["small", "small", "medium", "medium"]);
    expect(await tiers("narration")).toEqual(["small", "medium", "large", "medium"]);
    expect(await tiers("dialogue")).toEqual(["medium", "medium", "large", "medium"]);
    expect(await tiers("generation")).toEqual(["medium", "medium", "large", "premium"]);
    expect(await tiers("decision")).toEqual(["medium", "medium", "medium", "premium"]);
    expect(await tiers("juggling")).toEqual(["medium", "medium", "medium", "medium"]);
  });

  it("says which cell it took, or that there is none", async () => {
    expect(await choose({ task: "parsing", complexity: "simple" })).toEqual({
      name: "small",
      label: "parsing/simple",
      reason: "the table has it for parsing/simple",
    });
    expect(await choose({ task: "parsing", complexity: "critical" })).toEqual({
      name: "medium",
      label: "parsing/critical",
      reason: "the table has no model for parsing/critical, so medium",
    });
  });

  it("asks functions of the turn", async () => {
    const task: TaskOptions<Tier>["task"] = async ({ messages }) =>
      messages[0]!.text === "{" ? "parsing" : "decision";
    const complexity: TaskOptions<Tier>["complexity"] = () => "critical";
    expect((await choose({ task, complexity })).name).toBe("premium");
    expect((await choose({ task, complexity: detectComplexity }, { question: "{" })).name).toBe("small");
  });

  it("takes what the run context gives where an option is absent, or its function finds nothing", async () => {
    const context = { task: "generation", complexity: "complex" };
    expect((await choose({}, { context })).name).toBe("large");
    expect((await choose({ task: () => undefined }, { context })).name).toBe("large");
    expect((await choose({ task: "decision", complexity: "critical" }, { context })).name).toBe("premium");
  });

  it("detects the complexity where nobody gives one", async () => {
    const question = "Write something creative";
    expect(await choose({ task: "narration" }, { question })).toMatchObject({
      label: "narration/complex",
      name: "large",
    });
  });

  it("takes the default without a task; without a default there is no decision", async () => {
    expect(await choose({})).toEqual({ name: "medium", reason: "no task is given, so medium" });
    const { turn } = routeTurn<Tier>("Hi");
    expect(toChoice(await byTask<Tier>({ table })(turn))).toEqual({ name: undefined, reason: "no task is given" });
    expect(toChoice(await byTask<Tier>({ table, task: "parsing", complexity: "critical" })(turn)).name).toBeUndefined();
  });

  it("does not mistake what every object has for a cell", async () => {
    for (const word of ["constructor", "__proto__", "toString", ""]) {
      expect((await choose({ task: () => word, complexity: "simple" })).name).toBe("medium");
      expect((await choose({ task: "parsing", complexity: () => word })).name).toBe("medium");
    }
  });

  it("passes on what a function throws", async () => {
    const bug = new Error("bug");
    await expect(choose({ task: () => Promise.reject(bug) })).rejects.toBe(bug);
  });

  it.each<[Partial<TaskOptions<Tier>>]>([
    [{ table: {} }],
    [{ table: { parsing: {} } }],
    [{ table: { parsing: "small" as never } }],
    [{ table: { parsing: { simple: "" as never } } }],
    [{ table: undefined as never }],
    [{ task: 3 as never }],
    [{ complexity: "" }],
    [{ default: 3 as never }],
  ])("refuses %o when it is made", (options) => {
    expect(() => byTask<Tier>({ table, ...options })).toThrow(InvalidOptionError);
  });

  it("routes runs of a graph by what they are given", async () => {
    const models = { small: saying("s"), large: saying("l") };
    const route = byTask({ table: { parsing: { simple: "small" } }, default: "large" });
    const graph = createRouter({ models, route }).compile();
    const context = { task: "parsing", complexity: "simple" };
    expect((await graph.invoke({ messages: "Hi" }, { context })).modelUsed).toBe("small");
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("large");
  });
});
