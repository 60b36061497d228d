// 1,000 calls a day of 500 tokens: what a table of tiers costs beside asking the premium model every time. A tenth of the day is run,
// always on scripted models.
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

const tenthOfDay = [
  ...Array<object>(60).fill({ task: "parsing", complexity: "simple" }),
  ...Array<object>(30).fill({ task: "dialogue", complexity: "moderate" }),
  ...Array<object>(9).fill({ task: "generation", complexity: "complex" }),
  ...Array<object>(1).fill({ task: "generation", complexity: "critical" }),
];
const runs = await Promise.all(tenthOfDay.map((context) => graph.invoke({ messages: "Go on." }, { context })));
const calls = runs.flatMap((run) => run.calls);
console.log(formatReport(calls, { latency: false })); // times differ from run to run

const { costUsd, againstUsd, savedPercent } = savings(calls, { against: "premium" });
const aDay = [againstUsd!, costUsd!].map((usd) => 10 * usd);
console.log(`a day: $${aDay[0]!.toFixed(2)} -> $${aDay[1]!.toFixed(3)}, ${savedPercent!.toFixed(1)} % saved`);
await server.close();

// Output:
// model       calls    %  failed  tokens in    out  cost USD    %
// local-3b       60   60       0      24000   6000  0.000000    0
// local-8b       30   30       0      12000   3000  0.000000    0
// hosted-70b      9    9       0       3600    900  0.003600   19
// premium         1    1       0        400    100  0.015000   81
// total         100  100       0      40000  10000  0.018600  100
// a day: $15.00 -> $0.186, 98.8 % saved
