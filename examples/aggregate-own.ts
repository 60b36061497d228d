// An aggregate is a function of the answers. With `settled` it can also tell when no further answer can change the outcome.
import { type Aggregate, createEnsemble, normalizeNumber } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

/** The median of numbers; sure when all lie within `spread` of it. */
function median(spread: number): Aggregate {
  return ({ answers, asked }) => {
    const values = answers.map(({ name, message }) => ({ name, message, value: Number(normalizeNumber(message)) }));
    const sorted = values.sort((one, other) => one.value - other.value);
    const middle = sorted[Math.floor((sorted.length - 1) / 2)]!;
    const near = sorted.filter(({ value }) => Math.abs(value - middle.value) <= spread).length;
    const agreement = near === asked ? "full" : near > asked / 2 ? "majority" : "none";
    const reason = `the median of ${sorted.map(({ value }) => value).join(", ")}`;
    return { message: middle.message, winner: middle.name, confidence: near / asked, agreement, reason };
  };
}

const graph = createEnsemble({
  models: {
    mini: await openai("gpt-4o-mini", "About 330 m"),
    large: await openai("gpt-4o", "It is 324 m tall."),
    flash: await google("gemini-2.0-flash", "1,063 feet"),
  },
  aggregate: median(10),
}).compile();
const { messages, modelUsed, confidence, aggregate, decisions } = await graph.invoke({ messages: "Eiffel Tower?" });
console.log(`${modelUsed}: ${messages.at(-1)!.text}`, confidence!.toFixed(2), aggregate);
console.log(decisions[0]!.reason);
await done();

// Output:
// mini: About 330 m 0.67 { agreement: 'majority', consensus: true }
// the median of 324, 330, 1063
