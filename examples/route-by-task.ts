// A table of tasks and how hard they are chooses the tier; the caller names the task, or a function finds it in the request.
import { byTask, createRouter } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  small: await google("gemini-2.0-flash-lite", "small"),
  medium: await google("gemini-2.0-flash", "medium"),
  large: await openai("gpt-4o-mini", "large"),
  premium: await openai("gpt-4o", "premium"),
};
const table = {
  parsing: { simple: "small", moderate: "small" },
  description: { simple: "small", moderate: "medium", complex: "large" },
  narration: { simple: "small", moderate: "medium", complex: "large" },
  dialogue: { simple: "medium", moderate: "medium", complex: "large" },
  generation: { moderate: "medium", complex: "large", critical: "premium" },
  decision: { critical: "premium" },
} as const;

const graph = createRouter({ models, route: byTask({ table, default: "medium" }) }).compile();
const levels = ["simple", "moderate", "complex", "critical"];
console.log(["".padEnd(11), ...levels.map((level) => level.padEnd(8))].join(" ").trimEnd());
for (const task of Object.keys(table)) {
  const runs = levels.map((complexity) => graph.invoke({ messages: "Go on." }, { context: { task, complexity } }));
  const tiers = (await Promise.all(runs)).map(({ route }) => route!.padEnd(8));
  console.log([task.padEnd(11), ...tiers].join(" ").trimEnd());
}

const found = byTask({
  task: ({ messages }) => (messages.at(-1)!.text.includes("{") ? "parsing" : "description"),
  table,
});
const { route, decisions } = await createRouter({ models, route: found })
  .compile()
  .invoke({ messages: 'Read the JSON {"hp": 7}' });
console.log(`${route}: ${decisions[0]!.reason}`);
await done();

// Output:
//             simple   moderate complex  critical
// parsing     small    small    medium   medium
// description small    medium   large    medium
// narration   small    medium   large    medium
// dialogue    medium   medium   large    medium
// generation  medium   medium   large    premium
// decision    medium   medium   medium   premium
// small: the table has it for parsing/simple
