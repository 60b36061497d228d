// The cheapest model that will do: how good each one is at the task comes from an evaluation, its price from the catalogue.
import { byCost, createRouter, lookUpPrice } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  large: await openai("gpt-4o", "From gpt-4o."),
  small: await openai("gpt-4o-mini", "From gpt-4o-mini."),
  flash: await google("gemini-2.0-flash", "From gemini."),
  own: { model: await openai("our-own-model", "From our own."), price: null },
};
const quality = { large: 0.96, small: 0.91, flash: 0.88, own: 0.93 };

for (const min of [0.85, 0.9, 0.95]) {
  const graph = createRouter({ models, route: byCost({ quality, min, answerTokens: 200 }) }).compile();
  const { route, decisions } = await graph.invoke({ messages: "Summarise the meeting in three lines." });
  console.log(`at least ${min} -> ${route}`);
  for (const { kind, chosen, reason } of decisions) console.log(`  ${kind} ${chosen}: ${reason}`);
}
console.log(lookUpPrice("gpt-4o-mini"));
await done();

// Output:
// at least 0.85 -> flash
//   skip own: its price is unknown
//   route flash: the cheapest that is good enough is flash at about $0.000081, against large at about $0.00202, against small at about $0.000121, against own at an unknown price
// at least 0.9 -> small
//   skip flash: its quality is 0.88, under 0.9
//   skip own: its price is unknown
//   route small: the cheapest that is good enough is small at about $0.000121, against large at about $0.00202, against own at an unknown price
// at least 0.95 -> large
//   skip small: its quality is 0.91, under 0.95
//   skip flash: its quality is 0.88, under 0.95
//   skip own: its quality is 0.93, under 0.95
//   route large: the cheapest that is good enough is large at about $0.00202
// { input: 0.15, output: 0.6, cacheRead: 0.075 }
