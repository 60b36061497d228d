// Models race: the first answer is returned, and the requests of the losers are ended, at the provider too. With a vote, the lanes
// that can no longer change the outcome are. The ledger holds what they had cost by then.
import { createEnsemble, firstAnswer, majorityVote } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const slow = { text: "Late.", delayMs: 20_000 };
const race = createEnsemble({
  models: {
    large: await openai("gpt-4o", slow),
    flash: await google("gemini-2.0-flash", { text: "Here!", delayMs: 200 }),
    mini: await openai("gpt-4o-mini", slow),
  },
  aggregate: firstAnswer(),
}).compile();
const vote = createEnsemble({
  models: {
    a: await openai("gpt-4.1", { text: "Yes", delayMs: 200 }),
    b: await google("gemini-2.5-flash", { text: "yes.", delayMs: 200 }),
    c: await openai("gpt-4.1-mini", slow),
  },
  aggregate: majorityVote(),
}).compile();

for (const graph of [race, vote]) {
  const { messages, confidence, calls } = await graph.invoke({ messages: "Anybody there?" });
  console.log(messages.at(-1)!.text, confidence, calls.map(({ path, status }) => `${path}: ${status}`).sort());
}
await done();

// Output:
// Here! null [ 'flash: ok', 'large: cancelled', 'mini: cancelled' ]
// Yes 0.6666666666666666 [ 'a: ok', 'b: ok', 'c: cancelled' ]
