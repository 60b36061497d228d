// What is streamed is never taken back: tokens of answers that are certain to be returned come as they are made, a draft that may
// be rejected only once it is accepted; judges never.
import { check, createCascade, createRouter } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const small = await openai("gpt-4o-mini", "It is blue.");
const large = await openai("gpt-4o", { text: "Air scatters blue light.", chunks: 3 });
const sure = check(({ answer }) => answer.text.includes("scatter"));

const router = createRouter({ models: { small, large }, route: () => "large" }).compile();
const cascade = createCascade({ models: { small, large }, verify: sure }).compile();
const lastUnjudged = createCascade({ models: { small }, verify: sure, fallback: large }).compile();

for (const [title, graph] of Object.entries({ router, cascade, lastUnjudged })) {
  const pieces: string[] = [];
  for await (const [message, { langgraph_node }] of await graph.stream(
    { messages: "Why is the sky blue?" },
    { streamMode: "messages" },
  )) {
    if (message.text !== "") pieces.push(`${langgraph_node}: ${message.text}`);
  }
  console.log(title, pieces);
}
await done();

// Output:
// router [ 'large: Air scat', 'large: ters blu', 'large: e light.' ]
// cascade [ 'verifier: Air scatters blue light.' ]
// lastUnjudged [ 'fallback: Air scat', 'fallback: ters blu', 'fallback: e light.' ]
