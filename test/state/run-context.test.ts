import { describe, expect, it } from "vitest";
import { z } from "zod";
import { byComplexity, createRouter } from "../../src/index.js";
import { complexities } from "../../src/routing/detect-complexity.js";
import { RunContext } from "../../src/state/run-context.js";
import { saying } from "../support/fakes.js";

describe("RunContext", () => {
  const { properties = {} } = z.toJSONSchema(RunContext) as {
    properties?: Record<string, { title?: string; examples?: unknown[]; enum?: string[] }>;
  };

  it("is published with a title and an example of every field, and the levels of complexity as a list", () => {
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(["tags", "sessionId", "task", "complexity"]));
    for (const [name, { title, examples }] of Object.entries(properties)) {
      expect([name, title, examples]).toEqual([name, expect.stringMatching(/^[A-Z]/), [expect.anything()]]);
      expect(RunContext.safeParse({ [name]: examples![0] }).success).toBe(true);
    }
    expect(properties.complexity?.enum).toEqual([...complexities]);
  });

  it("takes a word of the user's own, as a column of byTask", () => {
    expect(RunContext.parse({ complexity: "huge" })).toEqual({ complexity: "huge" });
  });

  it("takes an empty field of a form as one that is not given", async () => {
    const graph = createRouter({
      models: { small: saying("small"), large: saying("large") },
      route: byComplexity({ simple: "small", critical: "large" }),
    }).compile();
    const asked = (complexity: string) => graph.invoke({ messages: "Hi" }, { context: { complexity } });
    expect([(await asked("")).route, (await asked("critical")).route]).toEqual(["small", "large"]);
  });
});
