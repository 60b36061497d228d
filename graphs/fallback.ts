import { createFallback } from "langgraph-multimodel";
import { cheap, dear, scripted, unavailable } from "./scripted-model.js";

const primary = scripted("primary", () => {
  throw unavailable("the model is overloaded");
});
const secondary = scripted("secondary", (question) => `I was about to answer "${question}".`, { breaksAfter: 4 });
const backup = scripted("backup", (question) => `The backup answers "${question}".`);

/** The primary is down; the secondary breaks off in mid-sentence, and its tokens are taken back; the backup answers. */
export const graph = createFallback({
  models: {
    primary: { model: primary, price: dear, retry: false },
    secondary: { model: secondary, price: dear, retry: false },
    backup: { model: backup, price: cheap },
  },
});
