// Mixture of agents in layers: each layer sees the question and what the layer before it proposed; the last one writes one answer.
import { AIMessage } from "@langchain/core/messages";
import { type Aggregate, createEnsemble, createPipeline, defineModels, type ModelEntry } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

/** All proposals as one message, anonymous: the next layer weighs texts, not names. */
const quoted: Aggregate = ({ answers }) => ({
  message: new AIMessage(answers.map(({ message }, index) => `${index + 1}. ${message.text}`).join("\n")),
  confidence: null,
  reason: `${answers.length} proposals`,
});
const layer = (models: Readonly<Record<string, ModelEntry>>, systemPrompt?: string): ModelEntry => ({
  model: createEnsemble({ models, aggregate: quoted }),
  ...(systemPrompt && { systemPrompt }),
});

const proposers = defineModels({
  mini: await openai("gpt-4o-mini", "Insulate the roof.", "Insulate the roof first, then the windows."),
  flash: await google("gemini-2.0-flash", "Change the windows.", "Roof, windows; a heat pump last."),
  nano: await openai("gpt-4.1-nano", "Buy a heat pump.", "A heat pump, but only after the roof."),
});
const graph = createPipeline({
  stages: {
    propose: layer(proposers),
    refine: layer(proposers, "Improve on the proposals: keep what is right, mend what is not."),
    write: {
      model: await openai("gpt-4o", "Roof first, then windows, and a heat pump at the end."),
      systemPrompt: "Write the one answer the user should get. Weigh the proposals; do not mention them.",
    },
  },
}).compile();

const { messages, modelUsed, outputs, calls } = await graph.invoke({ messages: "How do I heat my house for less?" });
for (const { stage, message } of outputs) console.log(`${stage}:\n${message.text}`);
console.log(`${modelUsed} answered: ${messages.at(-1)!.text}`);
console.log(
  `${calls.length} calls: ${calls
    .map(({ path }) => path)
    .sort()
    .join(", ")}`,
);
await done();

// Output:
// propose:
// 1. Insulate the roof.
// 2. Change the windows.
// 3. Buy a heat pump.
// refine:
// 1. Insulate the roof first, then the windows.
// 2. Roof, windows; a heat pump last.
// 3. A heat pump, but only after the roof.
// write:
// Roof first, then windows, and a heat pump at the end.
// write answered: Roof first, then windows, and a heat pump at the end.
// 7 calls: propose/flash, propose/mini, propose/nano, refine/flash, refine/mini, refine/nano, write
