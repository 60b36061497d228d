// A council in rounds (Du et al. 2023, arXiv:2305.14325): from the second round on each model sees what all said, and the council
// ends as soon as all agree. An easy question costs one round, and that is what most are: `npm run bench:deliberation`.
import { normalizeNumber } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";
import { council } from "./support/deliberation.js";

const members = {
  mini: await openai("gpt-4o-mini", "41", "You are right: 51", "12"),
  large: await openai("gpt-4.1", "3 * 17 = 51", "51", "12"),
  flash: await google("gemini-2.0-flash", "It is 51", "Still 51", "It is 12"),
};
const graph = council(members, 3, normalizeNumber).compile();
for (const question of ["What is 3 * 17?", "What is 3 * 4?"]) {
  const { messages, outputs, decisions, verdict, calls } = await graph.invoke({ messages: question });
  console.log(`${question} ${messages.at(-1)!.text} (${verdict!.pass ? "agreed" : "not agreed"})`);
  for (const { node, reason } of decisions) if (node === "round") console.log(`  ${reason}`);
  console.log(`  ${outputs.length} rounds, ${calls.length} calls`);
}
await done();

// Output:
// What is 3 * 17? You are right: 51 (agreed)
//   67 % agree in round 1
//   100 % agree in round 2
//   2 rounds, 6 calls
// What is 3 * 4? 12 (agreed)
//   100 % agree in round 1
//   1 rounds, 3 calls
