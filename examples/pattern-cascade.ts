// createCascade: cheaper models first, the first answer the verifier passes is returned, and nothing above it is paid. The last answer
// is not judged, since nothing comes after it.
import { createCascade, judgeWith } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const graph = createCascade({
  models: {
    small: await openai("gpt-4o-mini", "Paris.", "It just is."),
    large: await openai("gpt-4o", "Air scatters blue light more than red."),
  },
  verify: judgeWith(await google("gemini-2.0-flash", "Score: 10", "Score: 2")),
}).compile();

for (const question of ["Capital of France?", "Why is the sky blue?"]) {
  const { messages, modelUsed, confidence, calls } = await graph.invoke({ messages: question });
  console.log(`${question} -> ${modelUsed} (${confidence}): ${messages.at(-1)!.text}`);
  console.log(`  ${calls.map(({ path, role }) => `${path} ${role}`).join(", ")}`);
}
await done();

// Output:
// Capital of France? -> small (1): Paris.
//   small answer, verifier judge
// Why is the sky blue? -> large (null): Air scatters blue light more than red.
//   small answer, verifier judge, large answer
