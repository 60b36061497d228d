// One answer of several, as it is: picked by a judge who sees no names, or the most detailed one, which costs nothing.
import { bestOf, createEnsemble, longest } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  small: await openai("gpt-4o-mini", "Rain taps, the street shines."),
  large: await openai("gpt-4o", "Rain on the tin roof - the cat counts every drop twice, then sleeps."),
  flash: await google("gemini-2.0-flash", "Wet."),
};
const judge = await openai("gpt-4.1", ({ messages }) => {
  const shown = messages.at(-1)!.text.matchAll(/<answer number="(\d)">\n(.*)/g); // shuffled: find the number of the shortest
  const [best] = [...shown].sort((one, other) => one[2]!.length - other[2]!.length);
  return `Best: ${best![1]}`;
});

for (const aggregate of [bestOf(judge, { rubric: "The shortest one.", seed: 7 }), longest()]) {
  const graph = createEnsemble({ models, aggregate }).compile();
  const { messages, modelUsed, confidence, decisions, calls } = await graph.invoke({ messages: "A haiku about rain" });
  console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
  console.log(`  ${decisions[0]!.reason}; confidence ${confidence}, ${calls.length} calls`);
}
await done();

// Output:
// flash: Wet.
//   the judge picked flash; confidence null, 4 calls
// large: Rain on the tin roof - the cat counts every drop twice, then sleeps.
//   the longest of 3 answers; confidence 0.7, 3 calls
