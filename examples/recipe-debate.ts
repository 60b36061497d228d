// A debate: two models argue, each with all that was said before, and a third one decides. It ends as soon as the second agrees.
import { done, google, openai } from "./support/chat.js";
import { debate } from "./support/deliberation.js";

const graph = debate(
  {
    pro: await openai("gpt-4o-mini", "It is 300 m tall.", "With its antennas it is 330 m tall."),
    con: await google("gemini-2.0-flash", "300 m leaves out the antennas.", "AGREED"),
    judge: await openai("gpt-4.1", "330 m"),
  },
  3,
).compile();
const { messages, outputs } = await graph.invoke({ messages: "How tall is the Eiffel Tower?" });
for (const { stage, message } of outputs.slice(0, -1)) console.log(`${stage}: ${message.text}`);
console.log(`-> ${messages.at(-1)!.text}`);
await done();

// Output:
// pro: It is 300 m tall.
// con: 300 m leaves out the antennas.
// pro: With its antennas it is 330 m tall.
// con: AGREED
// -> 330 m
