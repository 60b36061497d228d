// allOf: the judge is paid only for what the free check passes. anyOf: one good sign is enough, and the first one ends the search.
import { agreement, allOf, anyOf, check, createCascade, judgeWith, selfReported } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const judge = await google("gemini-2.0-flash", "Score: 9");
const large = await openai("gpt-4o", "1815");
const short = check(({ answer }) => answer.text.length < 30);

const strict = createCascade({
  models: { small: await openai("gpt-4o-mini", "It was, if I remember well, in 1815 or so."), large },
  verify: allOf(short, judgeWith(judge)),
}).compile();
const lenient = createCascade({
  models: {
    tiny: await openai("gpt-4.1-nano", "1815\nConfidence: 40%"),
    small: await openai("gpt-4.1-mini", "1815\nConfidence: 60%"),
    large,
  },
  verify: anyOf(selfReported(), agreement()),
}).compile();

for (const graph of [strict, lenient]) {
  const { modelUsed, decisions, calls } = await graph.invoke({ messages: "When was Emma published?" });
  console.log(`${modelUsed} after ${calls.map(({ path }) => path).join(", ")}`);
  for (const { kind, chosen, reason } of decisions) console.log(`  ${kind} ${chosen}: ${reason}`);
}
await done();

// Output:
// large after small, large
//   escalate large: the check failed
//   accept large: last tier, not judged
// small after tiny, small
//   escalate small: the model is 40 % confident, 80 % passes; no other answer agrees yet, 2 are needed
//   accept small: 2 of 2 answers agree, 2 are needed
