// A route is a function of the turn. It may return a name, a name with its grounds, or nothing; and ask a model, billed like any.
import { createRouter, type Route, readStructured } from "langgraph-multimodel";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

type Name = "english" | "german";
const cheap = await google("gemini-2.0-flash", { toolCalls: [{ name: "language", args: { code: "de", sure: 0.9 } }] });
const language = {
  name: "language",
  description: "The language a text is written in",
  schema: z.object({ code: z.string(), sure: z.number() }),
};
const byLanguage: Route<Name> = async ({ messages, ask }) => {
  const text = messages.at(-1)!.text;
  if (/\b(the|is|and)\b/i.test(text)) return "english"; // free
  const said = readStructured(await ask(messages, { model: cheap, schema: language }), language);
  if (said === undefined) return undefined; // no decision: `fallback` answers
  const name = said.code === "de" ? "german" : "english";
  return { name, label: said.code, scores: { [name]: said.sure }, reason: `it is written in "${said.code}"` };
};

const english = await openai("gpt-4o-mini", "It is sunny.");
const graph = createRouter({
  models: { english, german: await openai("gpt-4o", "Sonnig.") },
  route: byLanguage,
  fallback: english,
}).compile();
for (const question of ["How is the weather?", "Wie wird das Wetter?"]) {
  const { messages, decisions, calls } = await graph.invoke({ messages: question });
  console.log(messages.at(-1)!.text, decisions[0], calls.map(({ role }) => role).join(" + "));
}
await done();

// Output:
// It is sunny. {
//   node: 'router',
//   kind: 'route',
//   chosen: 'english',
//   candidates: [ 'english', 'german' ],
//   reason: 'the route chose english'
// } answer
// Sonnig. {
//   node: 'router',
//   kind: 'route',
//   chosen: 'german',
//   candidates: [ 'english', 'german' ],
//   label: 'de',
//   scores: { german: 0.9 },
//   reason: 'it is written in "de"'
// } router + answer
