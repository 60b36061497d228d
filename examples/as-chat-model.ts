// A pattern where LangChain wants one chat model: in a chain, streaming, and for structured output. Whoever uses it need not know
// that several models are behind it; the message says which one answered and what the whole run used.
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { asChatModel, byKeyword, createFallback, createRouter, firstOf } from "langgraph-multimodel";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const model = asChatModel(
  createRouter({
    models: {
      code: await openai("gpt-4o", "Use a debugger."),
      chat: createFallback({
        models: {
          first: { model: await openai("gpt-4o-mini", { error: { kind: "quota" } }), retry: false },
          second: await google("gemini-2.5-flash", "Hello!", {
            toolCalls: [{ name: "extract", args: { language: "Norwegian" } }],
          }),
        },
      }),
    },
    route: firstOf(byKeyword({ code: ["debug"] }), () => "chat"),
  }),
  { name: "support" },
);

const chain = ChatPromptTemplate.fromTemplate("Answer briefly: {question}").pipe(model).pipe(new StringOutputParser());
for await (const text of await chain.stream({ question: "How do I debug a loop?" })) process.stdout.write(text);
console.log();

const { text, response_metadata } = await model.invoke("Hi");
const { modelUsed } = response_metadata.orchestration as { modelUsed: string };
console.log(`${text} (from ${modelUsed})`);

const structured = model.withStructuredOutput(z.object({ language: z.string() }));
console.log(await structured.invoke("Which language is 'god dag'?"));
await done();

// Output:
// Use a debugger.
// Hello! (from chat/second)
// { language: 'Norwegian' }
