// What a stage sees is a plain function: everything, the newest messages, or only what the stage before it made. Less is cheaper.
import { type Context, createPipeline, fullHistory, lastMessages, latestOnly } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

/** A strategy of your own around another: here it only prints what the model will read. */
const shown =
  (name: string, context: Context): Context =>
  async (turn) => {
    const seen = await context(turn);
    console.log(`${name} sees: ${seen.map(({ text }) => text.replaceAll("\n", "")).join(" | ")}`);
    return seen;
  };

const graph = createPipeline({
  stages: {
    plan: { model: await openai("gpt-4o", "Rain, then sun."), context: shown("plan", lastMessages(1)) },
    write: { model: await openai("gpt-4o-mini", "Rain falls; sun dries."), context: shown("write", fullHistory()) },
    translate: {
      model: await openai("gpt-4o-mini", "Regen fällt; Sonne trocknet."),
      systemPrompt: "Translate into German.",
      context: shown("translate", latestOnly()),
    },
  },
}).compile();

const { messages } = await graph.invoke({
  messages: [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello" },
    { role: "user", content: "A haiku about rain" },
  ],
});
console.log(messages.at(-1)!.text);
await done();

// Output:
// plan sees: A haiku about rain
// write sees: Hi | Hello | A haiku about rain | <output stage="plan">Rain, then sun.</output>
// translate sees: <output stage="write">Rain falls; sun dries.</output>
// Regen fällt; Sonne trocknet.
