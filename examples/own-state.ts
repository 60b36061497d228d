// Keys of one's own beside the messages: they enter with the input, reach every strategy as `turn.state`, fill prompts, and leave.
// `system` stands before the prompt of each model that answers; `context` has what belongs to one run only.
import { PromptTemplate } from "@langchain/core/prompts";
import { StateSchema } from "@langchain/langgraph";
import { createRouter, OrchestrationState } from "langgraph-multimodel";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const MyState = new StateSchema({ ...OrchestrationState.fields, customer: z.string(), plan: z.enum(["free", "pro"]) });

const graph = createRouter({
  state: MyState,
  system: PromptTemplate.fromTemplate("You help {customer}. Answer in {language}."),
  models: {
    small: await openai("gpt-4o-mini", "Hallo Ada."),
    large: await google("gemini-2.5-pro", "Goedemiddag, meneer Babbage."),
  },
  route: ({ state }) => (state.plan === "pro" ? "large" : "small"), // `state` has the types of MyState
}).compile();

const context = { language: "Dutch", parameters: { temperature: 0.2 } };
for (const [customer, plan] of [
  ["Ada", "free"],
  ["Mr Babbage", "pro"],
] as const) {
  const answered = await graph.invoke({ messages: "Hello", customer, plan }, { context });
  console.log(`${answered.customer} (${answered.plan}) → ${answered.route}: ${answered.messages.at(-1)!.text}`);
}
const missing = await graph
  .invoke({ messages: "Hello", customer: "Ada", plan: "free" })
  .catch((error: Error) => error.message);
console.log(missing); // before anything is paid
await done();

// Output:
// Ada (free) → small: Hallo Ada.
// Mr Babbage (pro) → large: Goedemiddag, meneer Babbage.
// createRouter.system needs {language}, which this run does not have; give it as a key of `state` with the input, or in `context`
