import { createOpenAI } from "@ai-sdk/openai";
import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText } from "ai";
import { createFallback, createRouter } from "langgraph-multimodel";
import { fallbackByHand, routerByHand } from "./by-hand.js";
import type { Suite } from "./protocol.js";

/** One thing that is measured. */
export interface Contender {
  readonly name: string;
  /** The contender this one is compared with. */
  readonly against?: string;
  /** Answers the question once; resolves to the answer's text. */
  readonly run: () => Promise<string>;
}

const question = "Why is the sky blue, and why is it red in the evening?";
const earlier = Array.from({ length: 50 }, () => [new HumanMessage(question), new AIMessage("Because. ".repeat(50))]);
const model = "gpt-4o-mini"; // an id with a list price: ours computes what each call cost
const apiKey = "none";

/** Everything that is measured in one suite, against an upstream on this port. */
export function contenders(port: number, suite: Suite): Contender[] {
  const client = (path = "") =>
    new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL: `http://127.0.0.1:${port}${path}/v1` } });
  const chat = client();
  const code = client();
  const down = client("/failing");
  const route = (messages: readonly BaseMessage[]) => (messages.at(-1)!.text.includes("```") ? "code" : "chat");

  const graph = suite === "invoke" ? answerOf : tokensOf;
  const bare = suite === "invoke" ? invoked : streamed;
  const before = earlier.flat();
  const byHand = routerByHand({ chat, code }, route);
  const ours = createRouter({ models: { chat, code }, route: ({ messages }) => route(messages) }).compile();
  return [
    { name: "router by hand", run: graph(byHand) },
    { name: "router by hand, again", against: "router by hand", run: graph(routerByHand({ chat, code }, route)) },
    { name: "createRouter", against: "router by hand", run: graph(ours) },
    { name: "router by hand, 101 messages", run: graph(byHand, before) },
    { name: "createRouter, 101 messages", against: "router by hand, 101 messages", run: graph(ours, before) },
    { name: "fallback by hand", run: graph(fallbackByHand({ primary: chat, backup: code })) },
    {
      name: "createFallback",
      against: "fallback by hand",
      run: graph(createFallback({ models: { primary: chat, backup: code } }).compile()),
    },
    { name: "fallback by hand, primary down", run: graph(fallbackByHand({ primary: down, backup: code })) },
    {
      // without its breaker, which would spare it the request that all others make
      name: "createFallback, primary down",
      against: "fallback by hand, primary down",
      run: graph(
        createFallback({ models: { primary: { model: down, retry: false, breaker: false }, backup: code } }).compile(),
      ),
    },
    { name: "ChatOpenAI", run: bare(chat) },
    { name: "ChatOpenAI.withFallbacks", run: bare(chat.withFallbacks([code])) },
    { name: "ChatOpenAI.withFallbacks, primary down", run: bare(down.withFallbacks([code])) },
    { name: "AI SDK", run: aiSdk(port, suite) },
  ];
}

interface Graph {
  invoke(input: { messages: BaseMessage[] }): Promise<{ messages: BaseMessage[] }>;
  stream(
    input: { messages: BaseMessage[] },
    options: { streamMode: "messages" },
  ): Promise<AsyncIterable<[BaseMessage, unknown]>>;
}

function answerOf(graph: Graph, before: readonly BaseMessage[] = []) {
  return async () => (await graph.invoke({ messages: [...before, new HumanMessage(question)] })).messages.at(-1)!.text;
}

function tokensOf(graph: Graph, before: readonly BaseMessage[] = []) {
  return async () => {
    let text = "";
    const input = { messages: [...before, new HumanMessage(question)] };
    const tokens = await graph.stream(input, { streamMode: "messages" });
    for await (const [chunk] of tokens) text += chunk.text;
    return text;
  };
}

interface Chat {
  invoke(messages: BaseMessage[]): Promise<BaseMessage>;
  stream(messages: BaseMessage[]): Promise<AsyncIterable<BaseMessage>>;
}

function invoked(chat: Chat) {
  return async () => (await chat.invoke([new HumanMessage(question)])).text;
}

function streamed(chat: Chat) {
  return async () => {
    let text = "";
    for await (const chunk of await chat.stream([new HumanMessage(question)])) text += chunk.text;
    return text;
  };
}

function aiSdk(port: number, suite: Suite): () => Promise<string> {
  const settings = {
    model: createOpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v1` }).chat(model),
    messages: [{ role: "user" as const, content: question }],
    maxRetries: 0,
  };
  if (suite === "invoke") return async () => (await generateText(settings)).text;
  return async () => {
    let text = "";
    for await (const piece of streamText(settings).textStream) text += piece;
    return text;
  };
}
