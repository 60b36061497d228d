// createFallback: an answer comes even while a provider is down, and the kind of error decides who is asked next.
import { createFallback } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const primary = await openai("gpt-4o", failWith.quota(), "I am back.");
const sibling = await openai("gpt-4o-mini", "Of the same provider.");
const graph = createFallback({
  models: { primary, sibling, backup: await google("gemini-2.0-flash", "I am the backup.", failWith.badRequest()) },
  defaultResponse: "Please try again in a minute.",
}).compile();
const { messages, modelUsed, decisions } = await graph.invoke({ messages: "Anybody there?" });
console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
for (const { kind, chosen, reason } of decisions) console.log(`  ${kind} ${chosen}: ${reason}`);

const down = createFallback({
  models: { only: { model: await openai("gpt-4.1", failWith.server({ status: 503 })), retry: { backoff: [0] } } },
  defaultResponse: "Please try again in a minute.",
}).compile();
const last = await down.invoke({ messages: "Anybody there?" });
console.log(`${last.modelUsed}: ${last.messages.at(-1)!.text} (confidence ${last.confidence})`);
console.log(last.calls.map(({ attempt, status, error }) => `attempt ${attempt}: ${status}, ${error?.class}`));
await done();

// Output:
// backup: I am the backup.
//   skip sibling: same provider as primary, which ended in quota
//   fallback backup: primary failed: quota
// default_response: Please try again in a minute. (confidence 0)
// [ 'attempt 1: error, server', 'attempt 2: error, server' ]
