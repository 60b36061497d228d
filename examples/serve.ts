// A cascade behind an OpenAI-compatible endpoint: any program that speaks OpenAI's API uses it as one model. The reply says which
// model answered, why, and what it cost.
import { check, createCascade } from "langgraph-multimodel";
import { serve } from "langgraph-multimodel/server";
import OpenAI from "openai";
import { done, google, openai } from "./support/chat.js";

const small = await openai("gpt-4o-mini", "I am not sure.", "4");
const large = await google("gemini-2.5-pro", "Paris.");
const assistant = createCascade({
  models: { small, large },
  verify: check(({ answer }) => !answer.text.includes("not sure")),
});
const server = await serve({ models: { small }, graphs: { assistant }, apiKeys: ["secret"] }, { port: 0 });

const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "secret" });
for await (const { id } of await client.models.list()) console.log(id);

const messages = [{ role: "user" as const, content: "What is the capital of France?" }];
const reply = await client.chat.completions.create({ model: "assistant", messages });
const { orchestration } = reply as typeof reply & { orchestration: { model: string; decisions: { kind: string }[] } };
console.log(reply.choices[0]?.message.content, `(${orchestration.model})`);
console.log(orchestration.decisions.map(({ kind }) => kind).join(", "));

const question = [{ role: "user" as const, content: "What is 2 + 2?" }];
const stream = await client.chat.completions.create({ model: "small", messages: question, stream: true });
for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? "");
console.log();

await server.close();
await done();

// Output:
// assistant
// small
// Paris. (gemini-2.5-pro)
// escalate, accept
// 4
