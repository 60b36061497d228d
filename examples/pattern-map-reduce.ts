// createMapReduce: research in three steps - an outline, one call a section all at once, and a report made of them - with the
// total cost. A section that fails is named to the editor instead of sinking the report.
import { createMapReduce, type ProgressEvent, totalCost } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const graph = createMapReduce({
  plan: await openai("gpt-4o", "Outline:\n1. **How tides work**\n2. Power stations today\n3. What they cost"),
  worker: {
    model: await google("gemini-2.0-flash", ({ messages }) => {
      const item = messages.at(-1)!.text;
      return item.includes("cost") ? failWith.server() : `A paragraph on "${item}".`;
    }),
    systemPrompt: "You write one section of a report.",
    retry: false,
  },
  reduce: await openai("gpt-4.1", "Tides turn turbines. (No figures on cost could be found.)"),
  concurrency: 4,
}).compile();

const stream = await graph.stream({ messages: "A report on tidal power" }, { streamMode: ["custom", "values"] });
for await (const [mode, chunk] of stream) {
  if (mode === "custom") {
    const { done: ended, of } = chunk as ProgressEvent;
    console.log(`${ended} of ${of}`);
  } else if (chunk.modelUsed) {
    for (const { item, message } of chunk.outputs) console.log(`${item}: ${message.text}`);
    console.log(chunk.decisions.map(({ reason }) => reason));
    console.log(chunk.messages.at(-1)!.text, `${chunk.calls.length} calls, $${totalCost(chunk.calls)!.toFixed(5)}`);
  }
}
await done();

// Output:
// 1 of 3
// 2 of 3
// 3 of 3
// How tides work: A paragraph on "How tides work".
// Power stations today: A paragraph on "Power stations today".
// [ 'items to work on: 3', 'missing: 1 of 3 items (What they cost)' ]
// Tides turn turbines. (No figures on cost could be found.) 5 calls, $0.00092
