// Optional branches and one join: the specialists a request needs work at the same time, and whichever they were, the join runs once
// after all of them. A deferred node waits for what is under way; an edge from a list of nodes never fires if one was not taken.
import { HumanMessage } from "@langchain/core/messages";
import { END, type LangGraphRunnableConfig, START, StateGraph } from "@langchain/langgraph";
import { createFallback, type Model, type ModelEntry, OrchestrationState } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

type State = typeof OrchestrationState.State;
const needs = { code: /code|function/i, math: /calculate|how many/i, text: /poem|title/i };

function needed({ messages }: State): string[] {
  const wanted = Object.entries(needs).filter(([, words]) => words.test(messages.at(-1)!.text));
  return wanted.length > 0 ? wanted.map(([name]) => name) : ["text"];
}

/** A branch: its answer is an output beside those of the others, its calls go into the one ledger. */
function branch(stage: string, model: Model | ModelEntry) {
  const graph = createFallback({ models: { [stage]: model } }).compile();
  return async ({ messages }: State, config: LangGraphRunnableConfig) => {
    const run = await graph.invoke({ messages }, config);
    return { outputs: [{ stage, message: run.messages.at(-1)! }], calls: run.calls };
  };
}

const editor = createFallback({ models: { editor: await openai("gpt-4o", "All of it.", "Just the poem.") } }).compile();
async function join({ messages, outputs }: State, config: LangGraphRunnableConfig) {
  const parts = outputs.map(({ stage, message }) => `${stage}: ${message.text}`).join("\n");
  const task = new HumanMessage(`Write one answer out of these parts.\n${parts}`);
  const run = await editor.invoke({ messages: [...messages, task] }, config);
  return { messages: run.messages.slice(-1), modelUsed: run.modelUsed, calls: run.calls };
}

const graph = new StateGraph(OrchestrationState)
  .addNode("code", branch("code", await openai("gpt-4o-mini", "for (;;) {}")))
  .addNode("math", branch("math", await google("gemini-2.0-flash", "42")))
  .addNode("text", branch("text", { model: await openai("gpt-4.1", "Rain, again."), systemPrompt: "You are a poet." }))
  .addNode("join", join, { defer: true })
  .addConditionalEdges(START, needed, ["code", "math", "text"])
  .addEdge("code", "join")
  .addEdge("math", "join")
  .addEdge("text", "join")
  .addEdge("join", END)
  .compile();

for (const question of ["Calculate 6 * 7, write a function for it and a poem about it.", "A poem."]) {
  const { messages, outputs, calls } = await graph.invoke({ messages: question });
  console.log(`${outputs.map(({ stage }) => stage).join(" + ")} -> ${messages.at(-1)!.text}`);
  console.log(`  ${calls.map(({ model }) => model).join(", ")}`);
}
await done();

// Output:
// code + math + text -> All of it.
//   gpt-4o-mini, gemini-2.0-flash, gpt-4.1, gpt-4o
// text -> Just the poem.
//   gpt-4.1, gpt-4o
