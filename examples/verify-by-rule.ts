// A program checks what a program will read: JSON of a given form, a limit, a test. It costs nothing and beats every judge.
import { check, createCascade, createQualityGate, matchesSchema } from "langgraph-multimodel";
import { z } from "zod";
import { done, openai } from "./support/chat.js";

const Book = z.object({ title: z.string(), year: z.number().int() });
const gate = createQualityGate({
  model: await openai("gpt-4o-mini", '{"title": "Emma", "year": "1815"}', '{"title": "Emma", "year": 1815}'),
  verify: matchesSchema(Book),
}).compile();
const { messages, candidates } = await gate.invoke({ messages: "A novel by Jane Austen, as JSON with title and year" });
console.log(candidates[0]!.verdict!.feedback);
console.log(messages.at(-1)!.text);

const brief = check(({ answer }) => ({ pass: answer.text.length <= 20, reason: `${answer.text.length} characters` }));
const cascade = createCascade({
  models: {
    chatty: await openai("gpt-4.1-mini", "Well, as is often said, it is Paris."),
    brief: await openai("gpt-4o", "Paris."),
  },
  verify: brief,
}).compile();
const short = await cascade.invoke({ messages: "Capital of France, in one word?" });
console.log(
  short.messages.at(-1)!.text,
  short.decisions.map(({ kind, reason }) => `${kind}: ${reason}`),
);
await done();

// Output:
// Mend this:
// ✖ Invalid input: expected number, received string
//   → at year
// {"title": "Emma", "year": 1815}
// Paris. [ 'escalate: 36 characters', 'accept: 6 characters' ]
