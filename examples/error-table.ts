// What follows each kind of error: how often the model is asked, and whether the backup answers. Try your own graph with failWith.
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { createFallback, ModelCallError } from "langgraph-multimodel";
import { failWith, type Reply, startLoopbackServer } from "langgraph-multimodel/testing";

const failures: Record<string, Reply> = {
  "429 with a wait": failWith.rateLimit(),
  "429 quota": failWith.quota(),
  "401 bad key": failWith.authentication(),
  "404 unknown model": failWith.unknownModel(),
  "400 bad request": failWith.badRequest(),
  "400 prompt too long": failWith.contextOverflow(),
  "content filter": failWith.contentFilter(),
  "503 overloaded": failWith.server({ status: 503 }),
  "connection reset": failWith.reset(),
  "answer cut off": failWith.cut(),
  "invalid JSON": failWith.invalidJson(),
  "empty answer": failWith.empty(),
  "no answer in time": failWith.hang(),
};
const server = await startLoopbackServer();
for (const [title, reply] of Object.entries(failures)) {
  server.reply(title, reply);
  server.reply("backup", "Here I am.");
  const model = new ChatOpenAI({ model: title, apiKey: "none", configuration: { baseURL: server.openaiUrl } });
  const backup = new ChatGoogleGenerativeAI({ model: "backup", apiKey: "none", baseUrl: server.googleUrl });
  const primary = { model, retry: { backoff: [0] }, timeout: 1_500 };
  const graph = createFallback({ models: { primary, backup } }).compile();
  const outcome = await graph.invoke({ messages: "Hi" }).then(
    ({ modelUsed, failures }) => `${failures[0]!.class}, then ${modelUsed}`,
    (error) => `${ModelCallError.isInstance(error) ? error.class : error}, the run ends`,
  );
  const asked = server.requests.filter((request) => request.model === title).length;
  console.log(`${title.padEnd(19)} asked ${asked} x, ${outcome}`);
}
await server.close();

// Output:
// 429 with a wait     asked 1 x, rate_limit, then backup
// 429 quota           asked 1 x, quota, then backup
// 401 bad key         asked 1 x, authentication, then backup
// 404 unknown model   asked 1 x, model_unavailable, then backup
// 400 bad request     asked 1 x, invalid_request, the run ends
// 400 prompt too long asked 1 x, context_overflow, then backup
// content filter      asked 1 x, refusal, then backup
// 503 overloaded      asked 2 x, server, then backup
// connection reset    asked 2 x, network, then backup
// answer cut off      asked 2 x, network, then backup
// invalid JSON        asked 2 x, server, then backup
// empty answer        asked 2 x, empty, then backup
// no answer in time   asked 2 x, timeout, then backup
