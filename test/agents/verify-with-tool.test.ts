import { runInNewContext, Script } from "node:vm";
import type { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { check, createCascade, createQualityGate, createRouter, type Verify } from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";
import { calling, clients } from "./clients.js";

const { server } = useLoopback();

const calculate = tool(({ expression }) => String(runInNewContext(expression, {}, { timeout: 1_000 })), {
  name: "calculate",
  description: "Works out an arithmetic expression",
  schema: z.object({ expression: z.string().regex(/^[\d\s+*/().-]+$/) }),
});

/** Passes an answer whose last number is what the calculator says of the question. */
const calculated: Verify = check(async ({ messages, answer }) => {
  const expression = /[\d(][\d\s+*/().-]*[\d)]/.exec(messages.at(-1)!.text)?.[0];
  if (expression === undefined) throw new Error("there is nothing to calculate");
  const result = await calculate.invoke({ expression });
  const pass = answer.text.match(/\d+/g)?.at(-1) === result;
  return { pass, reason: `the calculator says ${result}`, feedback: `${expression} is ${result}` };
});

/** Passes code that parses; nothing of it is run. */
const parses: Verify = check(({ answer }) => {
  try {
    new Script(/```js\n([\s\S]*?)```/.exec(answer.text)?.[1] ?? answer.text);
    return true;
  } catch (error) {
    return { pass: false, reason: "it does not parse", feedback: String(error) };
  }
});

describe.each(["ChatOpenAI", "ChatGoogleGenerativeAI"] as const)("a tool as the verifier, over %s", (provider) => {
  const chat = (model: string) => clients[provider](server, model);

  it("sends a wrong sum up the cascade, and asks no judge", async () => {
    server.reply("small", "17 * 23 is 371.");
    server.reply("large", "17 * 23 is 391.");
    const models = { small: chat("small"), large: chat("large") };
    const result = await createCascade({ models, verify: calculated })
      .compile()
      .invoke({ messages: "What is 17 * 23?" });
    expect([result.messages.at(-1)!.text, result.modelUsed]).toEqual(["17 * 23 is 391.", "large"]);
    expect(result.calls.map(({ path, role }) => [path, role])).toEqual([
      ["small", "answer"],
      ["large", "answer"],
    ]);
    expect(result.decisions[0]).toMatchObject({ kind: "escalate", reason: "the calculator says 391" });
  });

  it("tells the model what does not parse, until it does", async () => {
    const fenced = (code: string) => `\`\`\`js\n${code}\n\`\`\``;
    server.reply("coder", fenced("const add = (a, b => a + b;"), fenced("const add = (a, b) => a + b;"));
    const graph = createQualityGate({ model: chat("coder"), verify: parses }).compile();
    const result = await graph.invoke({ messages: "Write add." });
    expect([result.messages.at(-1)!.text, result.verdict?.pass]).toEqual([
      fenced("const add = (a, b) => a + b;"),
      true,
    ]);
    expect(server.requests[1]!.messages.at(-1)!.text).toContain("SyntaxError");
  });

  it("checks the answer of an agent that has the same tool", async () => {
    server.reply("agent", calling("calculate", { expression: "6 * 7" }, "6 * 7 is 42."));
    const agent = createAgent({ model: chat("agent"), tools: [calculate] });
    const graph = createRouter({
      models: { agent },
      route: () => "agent",
      verify: calculated,
      fallback: chat("other"),
    });
    const result = await graph.compile().invoke({ messages: "What is 6 * 7?" });
    expect((result.messages.at(-1) as AIMessage).text).toBe("6 * 7 is 42.");
    expect(server.requests.map(({ model }) => model)).toEqual(["agent", "agent"]);
  });

  it("that fails ends the run, whatever is said of judges that are down, unless the verifier says what it means", async () => {
    const models = { small: chat("small"), large: chat("large") };
    for (const onUnverified of ["accept", "escalate", "throw"] as const) {
      const graph = createCascade({ models, verify: calculated, onUnverified }).compile();
      await expect(graph.invoke({ messages: "Hello" })).rejects.toThrow("there is nothing to calculate");
    }
    const lenient: Verify = async (turn) => {
      try {
        return await calculated(turn);
      } catch (error) {
        return { pass: false, reason: String(error) };
      }
    };
    const result = await createCascade({ models, verify: lenient }).compile().invoke({ messages: "Hello" });
    expect([result.modelUsed, result.verdict?.reason]).toEqual(["large", "Error: there is nothing to calculate"]);
  });
});
