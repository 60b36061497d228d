// createEnsemble: several models at once, one answer out of theirs. A lane that fails hurts no other; too few answers are no answer.
import { createEnsemble, synthesizeWith } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const graph = createEnsemble({
  models: {
    mini: await openai("gpt-4o-mini", "Use less electricity."),
    flash: await google("gemini-2.0-flash", "Fly less."),
    down: { model: await openai("gpt-4.1-mini", failWith.server()), retry: false },
  },
  aggregate: synthesizeWith(await openai("gpt-4o", "Fly less, and use less electricity.")),
  minimum: 2,
  defaultResponse: "No response available",
}).compile();

const { messages, modelUsed, aggregate, candidates, failures, calls } = await graph.invoke({
  messages: "Save CO2 how?",
});
console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
console.log(
  aggregate,
  failures.map(({ name, class: kind }) => `${name}: ${kind}`),
);
console.log(candidates.map(({ name, message }) => `${name}: ${message.text}`));
console.log(calls.map(({ path, role, status }) => `${path} ${role} ${status}`));
await done();

// Output:
// aggregator: Fly less, and use less electricity.
// { agreement: 'none', consensus: false } [ 'down: server' ]
// [ 'mini: Use less electricity.', 'flash: Fly less.' ]
// [
//   'down answer error',
//   'flash answer ok',
//   'mini answer ok',
//   'aggregator aggregator ok'
// ]
