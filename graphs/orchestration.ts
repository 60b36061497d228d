import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { byKeyword, check, createRouter } from "langgraph-multimodel";
import { z } from "zod";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";
import { codeIn, syntaxError } from "./syntax-error.js";

const prices: Readonly<Record<string, number>> = { tea: 4, coffee: 7 };
const price = tool(({ article }) => (article in prices ? `${prices[article]} EUR` : "not in the list"), {
  name: "price",
  description: "What an article costs",
  schema: z.object({ article: z.string() }),
});
const looksUp = scripted("clerk", (question, messages) => {
  const article = /\w+(?=\W*$)/.exec(question)?.[0] ?? "";
  const last = messages.at(-1);
  return last?.type === "tool" ? `The price of ${article}: ${last.text}.` : { tool: "price", args: { article } };
});

const codes = scripted("coder", (question) =>
  question.includes("SyntaxError")
    ? "```js\nconst add = (a, b) => a + b;\n```"
    : "```js\nconst add = (a, b => a + b;\n```",
);
const { clerk, coder, generalist } = seats({
  clerk: { model: looksUp, price: cheap },
  coder: { model: codes, price: dear },
  generalist: { model: scripted("generalist", (question) => `I looked further for "${question}".`), price: dear },
});

/** A small model with a tool: what `createAgent({ model: clerk.model, tools: [price] })` builds, spelled out. */
const small = new StateGraph(MessagesAnnotation)
  .addNode("model", async ({ messages }) => ({ messages: await clerk.model.bindTools!([price]).invoke(messages) }))
  .addNode("tools", new ToolNode([price]))
  .addEdge(START, "model")
  .addConditionalEdges("model", toolsCondition, ["tools", END])
  .addEdge("tools", "model");

/** A large model whose code is parsed, and sent back with the error until it parses. */
const large = new StateGraph(MessagesAnnotation)
  .addNode("model", async ({ messages }) => ({ messages: await coder.model.invoke(messages) }))
  .addNode("code", ({ messages }) => {
    const error = syntaxError(codeIn(messages.at(-1)!.text) ?? "");
    return { messages: error === undefined ? [] : [new HumanMessage(`It does not parse: ${error}`)] };
  })
  .addEdge(START, "model")
  .addEdge("model", "code")
  .addConditionalEdges("code", ({ messages }) => (messages.at(-1)!.type === "human" ? "model" : END), ["model", END]);

/** The whole backbone: a router, models with tools and code, a verifier that is a function, and a fallback. */
export const graph = createRouter({
  models: {
    small: { ...clerk, model: small, description: "Looks prices up" },
    large: { ...coder, model: large, description: "Writes code" },
  },
  route: byKeyword({ large: ["code", "function"], small: ["price", "cost"] }),
  verify: check(({ answer }) => codeIn(answer.text) !== undefined || /\d EUR/.test(answer.text)),
  fallback: generalist,
});
