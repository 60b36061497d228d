// Mixture of agents in layers (Wang et al. 2024, arXiv:2406.04692): every model of a layer reads the question and all answers of
// the layer before, and one model writes the last word. As stages, each layer is asked once; nested ensembles would ask it 3 times.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { type Aggregate, type Context, createEnsemble, createPipeline } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

/** Hands all answers of a layer on, numbered and unweighed. */
const allAnswers: Aggregate = ({ answers }) => {
  const numbered = answers.map(({ message }, index) => `${index + 1}. ${message.text}`);
  return { message: new AIMessage(numbered.join("\n")), confidence: null, reason: `${answers.length} answers` };
};
/** The conversation and what the layer before said, but not the layers before that. */
const layerBefore: Context = ({ messages, outputs }) => [
  ...messages,
  ...outputs.slice(-1).map(({ message }) => new HumanMessage(`Answers of other models:\n${message.text}`)),
];
const systemPrompt = "Write one better answer out of those given. Weigh them critically: some may be wrong.";

const agents = {
  mini: await openai("gpt-4o-mini", "It is 300 m tall.", "330 m, as two of three say."),
  flash: await google("gemini-2.0-flash", "330 m", "330 m, antennas included."),
  large: await openai("gpt-4.1", "It is 330 metres tall.", "330 m since 2022."),
};
const layer = () => createEnsemble({ models: agents, aggregate: allAnswers });
const writer = await openai("gpt-4o", "It is 330 m tall, antennas included, since 2022.");

const graph = createPipeline({
  stages: { proposers: layer(), refiners: { model: layer(), systemPrompt }, writer: { model: writer, systemPrompt } },
  context: layerBefore,
}).compile();
const { outputs, calls } = await graph.invoke({ messages: "How tall is the Eiffel Tower?" });
for (const { stage, message } of outputs) console.log(`${stage}:\n${message.text}`);
const paths = calls.map(({ path }) => path).sort();
console.log(`${calls.length} calls: ${paths.join(", ")}`);
await done();

// Output:
// proposers:
// 1. It is 300 m tall.
// 2. 330 m
// 3. It is 330 metres tall.
// refiners:
// 1. 330 m, as two of three say.
// 2. 330 m, antennas included.
// 3. 330 m since 2022.
// writer:
// It is 330 m tall, antennas included, since 2022.
// 7 calls: proposers/flash, proposers/large, proposers/mini, refiners/flash, refiners/large, refiners/mini, writer
