// Equal answers are likely right. agreement asks up the ladder until two models agree; consistency asks one model again.
import { agreement, consistency, createCascade, normalizeNumber } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const question = { messages: "A shirt costs $40 and is 25 % off. What does it cost?" };
const large = await openai("gpt-4o", "It costs $30.00.");

const two = createCascade({
  models: {
    flash: await google("gemini-2.0-flash", "It is $10."),
    mini: await openai("gpt-4o-mini", "#### 30"),
    large,
  },
  verify: agreement({ need: 2, normalize: normalizeNumber }),
}).compile();
const agreed = await two.invoke(question);
for (const { name, message, verdict } of agreed.candidates)
  console.log(`${name}: ${message.text} (${verdict!.reason})`);

const samples = await openai("gpt-4.1-mini", "$30", "$10", "30 dollars", "The answer is 30.");
const again = createCascade({
  models: { mini: { model: samples, parameters: { temperature: 0.7 } }, large },
  verify: consistency({ samples: 5, threshold: 0.6, normalize: normalizeNumber }),
}).compile();
const { modelUsed, verdict, calls } = await again.invoke(question);
console.log(`${modelUsed}, ${calls.length} calls: ${verdict!.reason}`);
await done();

// Output:
// flash: It is $10. (no other answer agrees yet, 2 are needed)
// mini: #### 30 (no other answer agrees yet, 2 are needed)
// large: It costs $30.00. (2 of 3 answers agree, 2 are needed)
// mini, 4 calls: 3 of 4 answers agree, 3 of 5 are needed
