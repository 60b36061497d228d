// A reviewer that is never content: work goes back a bounded number of times, then the run ends with the last version and says
// that it was not approved. Where the client can, the review is asked for as structured output; text is read as well.
import { createPipeline, readApproval, untilApproved } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const review = (feedback: string) => ({ toolCalls: [{ name: "review", args: { approved: false, feedback } }] });

const graph = createPipeline({
  stages: {
    write: { model: await openai("gpt-4o-mini", "Rain.", "Rain falls.", "Soft rain falls."), maxVisits: 3 },
    review: {
      model: await openai("gpt-4o", review("Too short."), "Not approved: no mood.", review("Still no season.")),
      systemPrompt: "You are an editor of haiku.",
      next: untilApproved("write"),
    },
  },
  answer: "write", // what is returned is the text, not the review of it
}).compile();

const { messages, verdict, decisions } = await graph.invoke({ messages: "A haiku about rain" });
for (const { kind, chosen, reason } of decisions) console.log(`${kind} ${chosen}: ${reason}`);
console.log(`${messages.at(-1)!.text} (approved: ${verdict?.pass}; ${verdict?.feedback})`);

for (const text of ["Looks good!", "I cannot approve this.", "Approved once the title is gone.", "Nice weather."])
  console.log(`${text} ${readApproval(text)}`);
await done();

// Output:
// revise write: not approved
// revise write: not approved
// stop __end__: not approved; write has its 3 visits behind it
// Soft rain falls. (approved: false; Still no season.)
// Looks good! true
// I cannot approve this. false
// Approved once the title is gone. false
// Nice weather. undefined
