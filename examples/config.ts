// Which models there are, and what becomes of them, is said in a file (data/models.yaml): the code names no provider, and
// whoever runs it changes models, prices and patterns without touching it.
import { fileURLToPath } from "node:url";
import { createFallback } from "langgraph-multimodel";
import { loadConfig } from "langgraph-multimodel/config";
import { startLoopbackServer } from "langgraph-multimodel/testing";

await using server = await startLoopbackServer(); // answers where there is no key
server.reply("gpt-4o-mini", "Perhaps the cat.", "A cat, a hat, a mess.");
server.reply("gpt-4o", "Score: 4", "The mouse did it.", "Once upon a time a mouse sat down.", "And then it rained.");
const env = process.env.OPENAI_API_KEY ? process.env : { OPENAI_URL: server.openaiUrl };

const file = fileURLToPath(new URL("data/models.yaml", import.meta.url));
const { graphs, tiers, tasks, defaultModel } = await loadConfig(file, { env });

// A graph of the file, by the name the file gives it.
const { messages, modelUsed } = await graphs[defaultModel!]!.compile().invoke({ messages: "Who ate the cheese?" });
console.log(`${defaultModel}/${modelUsed}: ${messages.at(-1)!.text}`);

// A task of the file: how hard it is decides the tier, by the file's table.
for (const task of ["summary", "story"]) {
  const { complexity } = tasks[task]!;
  const context = { task, complexity: complexity! };
  const told = await graphs.routing!.compile().invoke({ messages: "The Cat in the Hat." }, { context });
  console.log(`${task} (${complexity}) by ${told.modelUsed}: ${told.messages.at(-1)!.text}`);
}

// The same task's settings on a model of the file, in a graph of one's own.
const { temperature, maxTokens } = tasks.story!;
const teller = { ...tiers.large!, parameters: { temperature: temperature!, maxTokens: maxTokens! } };
const { messages: tale } = await createFallback({ models: { teller } }).compile().invoke({ messages: "Go on." });
console.log(`${tale.at(-1)!.text} (temperature ${server.requests.at(-1)?.body.temperature ?? temperature})`);

// Output:
// assistant/strong: The mouse did it.
// summary (simple) by small: A cat, a hat, a mess.
// story (complex) by large: Once upon a time a mouse sat down.
// And then it rained. (temperature 0.9)
