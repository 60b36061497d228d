// A deterministic tool as the verifier: code is parsed, and the error goes back to its author. No judge is asked or paid.
import { Script } from "node:vm";
import { check, createQualityGate } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const parses = check(({ answer }) => {
  try {
    new Script(answer.text); // parsed, never run
    return { pass: true, reason: "it parses" };
  } catch (error) {
    return { pass: false, reason: "it does not parse", feedback: String(error) };
  }
});

const author = await openai("gpt-4o-mini", "const add = (a, b) => a + ;", "const add = (a, b) => a + b;");
const graph = createQualityGate({ model: author, verify: parses }).compile();

const { messages, candidates } = await graph.invoke({ messages: "Write add(a, b) in JavaScript, code only." });
for (const { name, verdict } of candidates)
  console.log(`${name}: ${verdict?.reason} ${verdict?.feedback ?? ""}`.trim());
console.log(messages.at(-1)!.text);
await done();

// Output:
// draft: it does not parse SyntaxError: Unexpected token ';'
// revise: it parses
// const add = (a, b) => a + b;
