import { createFallback } from "langgraph-multimodel";
import { cheap, dear, scripted, unavailable } from "./scripted-model.js";
import { seats } from "./seats.js";

const down = scripted("primary", () => {
  throw unavailable("the model is overloaded");
});
const breaksOff = scripted("secondary", (question) => `I was about to answer "${question}".`, { breaksAfter: 4 });
const answers = scripted("backup", (question) => `The backup answers "${question}".`);

/** The primary is down; the secondary breaks off in mid-sentence, and its tokens are taken back; the backup answers. */
export const graph = createFallback({
  models: seats({
    primary: { model: down, price: dear, retry: false, breaker: false },
    secondary: { model: breaksOff, price: dear, retry: false, breaker: false },
    backup: { model: answers, price: cheap },
  }),
});
