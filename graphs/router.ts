import { byKeyword, createRouter } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";

/** Words choose the model: ask for code, or say hello; what neither knows goes to the generalist. */
export const graph = createRouter({
  models: {
    code: { model: scripted("coder", (question) => `Here is code for "${question}".`), price: dear },
    chat: { model: scripted("chatter", (question) => `You said "${question}", how nice.`), price: cheap },
  },
  route: byKeyword({
    code: ["code", "function", "bug", "typescript", /```/],
    chat: ["hello", "hi", "thanks", "how are you"],
  }),
  fallback: { model: scripted("generalist", (question) => `My best answer to "${question}".`), price: dear },
});
