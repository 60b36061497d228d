// How an application wraps the library: it calls typed methods, and which model answers them, how inventively and at what length is
// decided behind them, task by task. What it all costs is printed at the end.
import { formatReport } from "langgraph-multimodel";
import { NarrativeGenerator } from "./clients/narrative-generator.js";
import { done, ollama, openai, openrouter } from "./support/chat.js";

const free = { input: 0, output: 0 };
const narrator = new NarrativeGenerator({
  tiers: {
    small: { model: await ollama("llama3.2:3b", "A low room. Smoke hangs under the beams."), price: free },
    medium: { model: await ollama("llama3.1:8b", "The goblin leaps at you.", '"Not another step."'), price: free },
    large: {
      model: await openrouter(
        "meta-llama/llama-3.3-70b-instruct",
        "The bridge gives way, and for a heartbeat you fly.",
      ),
      price: { input: 0.8, output: 0.8 },
    },
    premium: { model: await openai("gpt-4o", "(never asked here)") },
  },
});

console.log(await narrator.describe("a tavern at the harbour"));
console.log(await narrator.narrate("a goblin attacks"));
console.log(await narrator.narrate("the bridge breaks", { critical: true }));
console.log(await narrator.dialogue("the guard", "the heroes want to enter"));
console.log(formatReport(narrator.costs.calls, { latency: false })); // times differ from run to run
await done();

// Output:
// A low room. Smoke hangs under the beams.
// The goblin leaps at you.
// The bridge gives way, and for a heartbeat you fly.
// "Not another step."
// model                              calls    %  failed  tokens in  out  cost USD    %
// llama3.2:3b                            1   25       0         15   10  0.000000    0
// llama3.1:8b                            2   50       0         38   11  0.000000    0
// meta-llama/llama-3.3-70b-instruct      1   25       0         16   13  0.000023  100
// total                                  4  100       0         69   34  0.000023  100
