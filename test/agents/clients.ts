import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import type { LoopbackRequest, LoopbackServer, ReplySource } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";

/** The real clients as an agent needs them: nobody outside can switch off the retries of a client inside an agent. */
export const clients = {
  ChatOpenAI: (server: LoopbackServer, model: string) =>
    new ChatOpenAI({ model, apiKey: "none", maxRetries: 0, configuration: { baseURL: server.openaiUrl } }),
  ChatGoogleGenerativeAI: (server: LoopbackServer, model: string) =>
    new ChatGoogleGenerativeAI({ model, apiKey: "none", maxRetries: 0, baseUrl: server.googleUrl }),
} satisfies Record<Provider, (server: LoopbackServer, model: string) => BaseChatModel>;

/** A model that calls a tool as long as it is not shown a result, and then answers. */
export function calling(name: string, args: object, answer: string, id?: string): ReplySource {
  const toolCall = { name, args: { ...args }, ...(id === undefined ? {} : { id }) };
  return ({ messages }) => (messages.some(({ role }) => role === "tool") ? answer : { toolCalls: [toolCall] });
}

/** What a request shows of a conversation: roles and texts. */
export const shownIn = ({ messages }: LoopbackRequest) => messages.map(({ role, text }) => `${role}: ${text}`);
