// 1,000 calls a day of 500 tokens: what a table of tiers costs beside asking the premium model every time. Always scripted: 1,000 runs.
import { ChatOpenAI } from "@langchain/openai";
import { byTask, createRouter, formatReport, savings } from "langgraph-multimodel";
import { startLoopbackServer } from "langgraph-multimodel/testing";

const server = await startLoopbackServer({ reply: { text: "Done.", usage: { inputTokens: 400, outputTokens: 100 } } });
const tier = (model: string, perThousand: number) => ({
  model: new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: server.openaiUrl } }),
  price: { input: 1_000 * perThousand, output: 1_000 * perThousand }, // USD per million tokens
});
const graph = createRouter({
  models: {
    small: tier("local-3b", 0),
    medium: tier("local-8b", 0),
    large: tier("hosted-70b", 0.0008),
    premium: tier("premium", 0.03),
  },
  route: byTask({
    table: {
      parsing: { simple: "small" },
      dialogue: { moderate: "medium" },
      generation: { complex: "large", critical: "premium" },
    },
  }),
}).compile();

const day = [
  ...Array<object>(600).fill({ task: "parsing", complexity: "simple" }),
  ...Array<object>(300).fill({ task: "dialogue", complexity: "moderate" }),
  ...Array<object>(90).fill({ task: "generation", complexity: "complex" }),
  ...Array<object>(10).fill({ task: "generation", complexity: "critical" }),
];
const runs = await Promise.all(day.map((context) => graph.invoke({ messages: "Go on." }, { context })));
const calls = runs.flatMap((run) => run.calls);
console.log(formatReport(calls.map((call) => ({ ...call, latencyMs: 0 }))));
const { costUsd, againstUsd, savedPercent } = savings(calls, { against: "premium" });
console.log(`$${againstUsd!.toFixed(2)} -> $${costUsd!.toFixed(3)}: ${savedPercent!.toFixed(1)} % saved`);
await server.close();

// Output:
// model       calls  failed  tokens in  tokens out  mean ms  cost USD
// local-3b      600       0     240000       60000        0  0.000000
// local-8b      300       0     120000       30000        0  0.000000
// hosted-70b     90       0      36000        9000        0  0.036000
// premium        10       0       4000        1000        0  0.150000
// total        1000       0     400000      100000        0  0.186000
// $15.00 -> $0.186: 98.8 % saved
