// A person decides before the expensive model is paid: the run pauses at the escalation, the draft is mended by hand or the
// escalation approved, and the run goes on from there. With a database as checkpointer it may pause for days.
import { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createCascade, judgeWith } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const judge = await google(
  "gemini-2.0-flash",
  "Wrong year.\nScore: 3",
  "Score: 9",
  "Wrong year.\nScore: 3",
  "Score: 10",
);
const graph = createCascade({
  models: { small: await openai("gpt-4o-mini", "In 1915."), large: await openai("gpt-4o", "In December 1815.") },
  verify: judgeWith(judge),
}).compile({ checkpointer: new MemorySaver(), interruptBefore: ["large"] });

for (const decision of ["mend", "approve"]) {
  const thread = { configurable: { thread_id: decision } };
  await graph.invoke({ messages: "When was Emma published?" }, thread);
  const { next, values } = await graph.getState(thread);
  console.log(`paused before ${next}: ${values.decisions.at(-1)!.reason}`);

  if (decision === "mend") {
    const draft = { ...values.candidates.at(-1)!, message: new AIMessage("In 1815.") };
    await graph.updateState(thread, { candidates: [draft], verdict: undefined }, "small"); // as if small had said it
  }
  const { messages, modelUsed, calls } = await graph.invoke(null, thread);
  console.log(`${decision} -> ${modelUsed}: ${messages.at(-1)!.text} (${calls.map(({ path }) => path).join(", ")})`);
}
await done();

// Output:
// paused before large: the judge gave 3 of 10, 7 passes
// mend -> small: In 1815. (small, verifier, verifier)
// paused before large: the judge gave 3 of 10, 7 passes
// approve -> large: In December 1815. (small, verifier, large)
