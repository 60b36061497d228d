// Models are timed as they answer. byLatency keeps to the best one that meets a deadline; latencyOptimized to the fastest.
import { byLatency, createRouter, latencyOptimized } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  large: await openai("gpt-4o", { text: "Thorough.", delayMs: 1_800 }),
  small: await google("gemini-2.0-flash", "Quick."),
};

const within = createRouter({ models, route: byLatency({ deadlineMs: 1_500 }) }).compile();
for (const question of ["First", "Second", "Third"]) {
  const { route, decisions } = await within.invoke({ messages: question });
  const passedOver = decisions.filter(({ kind }) => kind === "skip").map(({ chosen }) => chosen);
  console.log(`${question} -> ${route}; too slow: ${passedOver.join(", ") || "none known"}`);
}

const fastest = createRouter({ models, route: latencyOptimized() }).compile();
console.log(`fastest -> ${(await fastest.invoke({ messages: "Fourth" })).route}`);
await done();

// Output:
// First -> large; too slow: none known
// Second -> small; too slow: large
// Third -> small; too slow: large
// fastest -> small
