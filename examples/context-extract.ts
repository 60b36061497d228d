// A stage that books an order needs three facts, not the whole talk: a small model reads them out in the form of a schema.
import { createPipeline, extractWith } from "langgraph-multimodel";
import { z } from "zod";
import { done, openai } from "./support/chat.js";

const Order = z.object({
  item: z.string(),
  amount: z.number().describe("How many pieces"),
  city: z.string().nullable().describe("Where to, if it was said"),
});
const reader = await openai("gpt-4o-mini", {
  toolCalls: [{ name: "extract", args: { item: "umbrella", amount: 2, city: "Bergen" } }],
});
const extracted = extractWith(reader, Order);

const graph = createPipeline({
  stages: {
    book: {
      model: await openai("gpt-4o", "Booked: 2 umbrellas to Bergen."),
      context: async (turn) => {
        const seen = await extracted(turn);
        console.log(seen.map(({ text }) => text).join("\n"));
        return seen;
      },
    },
  },
}).compile();

const { messages, calls } = await graph.invoke({
  messages: [
    { role: "user", content: "It never stops raining here in Bergen. Do you have umbrellas?" },
    { role: "assistant", content: "Yes. How many?" },
    { role: "user", content: "Two, please" },
  ],
});
console.log(messages.at(-1)!.text);
console.log(calls.map(({ path, role }) => `${path} ${role}`).join(", "));
await done();

// Output:
// Two, please
// <extracted>
// {"item":"umbrella","amount":2,"city":"Bergen"}
// </extracted>
// Booked: 2 umbrellas to Bergen.
// book summary, book answer
