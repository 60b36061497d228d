import { byKeyword, createRouter } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const { code, chat, generalist } = seats({
  code: { model: scripted("coder", (question) => `Here is code for "${question}".`), price: dear },
  chat: { model: scripted("chatter", (question) => `You said "${question}", how nice.`), price: cheap },
  generalist: { model: scripted("generalist", (question) => `My best answer to "${question}".`), price: dear },
});

/** Words choose the model: ask for code, or say hello; what neither knows goes to the generalist. */
export const graph = createRouter({
  models: { code, chat },
  route: byKeyword({
    code: ["code", "function", "bug", "typescript", /```/],
    chat: ["hello", "hi", "thanks", "how are you"],
  }),
  fallback: generalist,
});
