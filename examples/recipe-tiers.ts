// Four tiers: two models on this machine, an open one that is hosted, and a premium one. The task is named by the caller, how
// hard it is shows in the request (or is given), and each tier has its own limit of tokens.
import { byTask, createRouter } from "langgraph-multimodel";
import { done, ollama, openai, openrouter } from "./support/chat.js";

const free = { input: 0, output: 0 };
const models = {
  small: { model: await ollama("llama3.2:3b", "small"), price: free, parameters: { maxTokens: 512 } },
  medium: { model: await ollama("llama3.1:8b", "medium"), price: free, parameters: { maxTokens: 1_024 } },
  large: {
    model: await openrouter("meta-llama/llama-3.3-70b-instruct", "large"), // or Together, vLLM: any server like OpenAI's
    price: { input: 0.8, output: 0.8 },
    parameters: { maxTokens: 2_048 },
  },
  premium: { model: await openai("gpt-4o", "premium"), parameters: { maxTokens: 4_096 } },
};
const route = byTask({
  table: {
    parsing: { simple: "small", moderate: "small" },
    description: { simple: "small", moderate: "medium", complex: "large" },
    narration: { simple: "small", moderate: "medium", complex: "large" },
    dialogue: { simple: "medium", moderate: "medium", complex: "large" },
    generation: { moderate: "medium", complex: "large", critical: "premium" },
    decision: { critical: "premium" },
  },
  default: "medium",
});
const graph = createRouter({ models, route }).compile();

const requests: readonly [request: string, context: { task: string; complexity?: string }][] = [
  ["Extract the names as JSON: Ada and Alan met Grace.", { task: "parsing" }],
  ["Describe the tavern.", { task: "description" }],
  ["Describe the tavern in a unique, detailed way.", { task: "description" }],
  ["The dragon wakes. Go on.", { task: "narration", complexity: "moderate" }],
  ["Does the hero die?", { task: "decision", complexity: "critical" }],
  ["Translate: good evening", { task: "translation" }],
];
for (const [request, context] of requests) {
  const { route, decisions, calls } = await graph.invoke({ messages: request }, { context });
  console.log(`${route} (${calls[0]!.model}): ${request}\n  ${decisions[0]!.label}: ${decisions[0]!.reason}`);
}
await done();

// Output:
// small (llama3.2:3b): Extract the names as JSON: Ada and Alan met Grace.
//   parsing/simple: the table has it for parsing/simple
// small (llama3.2:3b): Describe the tavern.
//   description/simple: the table has it for description/simple
// large (meta-llama/llama-3.3-70b-instruct): Describe the tavern in a unique, detailed way.
//   description/complex: the table has it for description/complex
// medium (llama3.1:8b): The dragon wakes. Go on.
//   narration/moderate: the table has it for narration/moderate
// premium (gpt-4o): Does the hero die?
//   decision/critical: the table has it for decision/critical
// medium (llama3.1:8b): Translate: good evening
//   translation/simple: the table has no model for translation/simple, so medium
