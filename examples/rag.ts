// Answers from your own texts: a small model reads what was retrieved, and only an answer with a number or a quotation that is
// in no passage costs the large one. Retrieval needs no key either: the embedder runs in this process.
import type { Document } from "@langchain/core/documents";
import { SystemMessage } from "@langchain/core/messages";
import { MessagesValue, START, StateGraph, StateSchema } from "@langchain/langgraph";
import { createCascade, groundedIn } from "langgraph-multimodel";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";
import { manual } from "./support/manual.js"; // examples/data in LangChain's MemoryVectorStore, embedded by localEmbeddings()

const answering = createCascade({
  models: {
    small: await openai("gpt-4o-mini", "Every 3 months or 200 cups.", "The warranty is 10 years."),
    large: await google("gemini-2.5-pro", "3 years from the date of purchase; 5 years for the boiler."),
  },
  verify: groundedIn(),
}).compile();

const State = new StateSchema({
  messages: MessagesValue,
  passages: z.array(z.custom<Document>()).default(() => []),
  reasons: z.array(z.string()).default(() => []),
});

const graph = new StateGraph(State)
  .addNode("retrieve", async ({ messages }) => {
    const store = await manual();
    return { passages: await store.similaritySearch(messages.at(-1)!.text, 3) };
  })
  .addNode("answer", async ({ messages, passages }, config) => {
    const texts = passages.map(({ pageContent }) => pageContent).join("\n\n");
    const system = new SystemMessage(`Answer from these passages only.\n\n${texts}`); // seen by both models and by the check
    const run = await answering.invoke({ messages: [system, ...messages] }, config);
    return { messages: run.messages.slice(-1), reasons: run.decisions.map(({ kind, reason }) => `${kind}: ${reason}`) };
  })
  .addEdge(START, "retrieve")
  .addEdge("retrieve", "answer")
  .compile();

for (const question of ["How often do I have to descale it?", "How long is the warranty?"]) {
  const { messages, passages, reasons } = await graph.invoke({ messages: question });
  console.log([`${question} (${passages[0]?.metadata.source})`, messages.at(-1)!.text, ...reasons].join("\n  "));
}
await done();

// Output:
// How often do I have to descale it? (cleaning.md)
//   Every 3 months or 200 cups.
//   accept: the sources hold all of it: 3, 200
// How long is the warranty? (warranty.md)
//   3 years from the date of purchase; 5 years for the boiler.
//   escalate: not in the sources: 10
//   accept: the sources hold all of it: 3, 5
