import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import type { LoopbackServer } from "../../src/testing/index.js";

/** The real clients, as a user makes them: with their own retries on. */
export const providers = {
  ChatOpenAI: (server: LoopbackServer, model: string) =>
    new ChatOpenAI({ model, apiKey: "sk-test-key", configuration: { baseURL: server.openaiUrl } }),
  ChatGoogleGenerativeAI: (server: LoopbackServer, model: string) =>
    new ChatGoogleGenerativeAI({ model, apiKey: "AIza-test-key", baseUrl: server.googleUrl }),
} satisfies Record<string, (server: LoopbackServer, model: string) => BaseChatModel>;

export type Provider = keyof typeof providers;
