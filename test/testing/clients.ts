import type { AIMessageChunk } from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { AzureChatOpenAI, ChatOpenAI, type ChatOpenAIFields } from "@langchain/openai";
import type { LoopbackServer } from "../../src/testing/index.js";

export const KEY = "sk-never-stored";

export function openai(server: LoopbackServer, fields: Partial<ChatOpenAIFields> = {}): ChatOpenAI {
  return new ChatOpenAI({
    model: "gpt-x",
    apiKey: KEY,
    maxRetries: 0,
    configuration: { baseURL: server.openaiUrl },
    ...fields,
  });
}

export function azure(server: LoopbackServer): AzureChatOpenAI {
  return new AzureChatOpenAI({
    azureOpenAIEndpoint: server.azureUrl,
    azureOpenAIApiKey: KEY,
    azureOpenAIApiDeploymentName: "az-x",
    azureOpenAIApiVersion: "2024-10-21",
    maxRetries: 0,
  });
}

/** A Gemini client with the side promises of its streams, which reject unheard when a stream breaks. */
export interface Gemini {
  readonly model: ChatGoogleGenerativeAI;
  readonly sideResponses: Promise<unknown>[];
}

/**
 * `generateContentStream` also returns `response`, which LangChain drops: when the stream breaks or is aborted, it
 * rejects unhandled and ends the process. Here it is kept, and heard.
 */
export function gemini(server: LoopbackServer): Gemini {
  const model = new ChatGoogleGenerativeAI({
    model: "gemini-x",
    apiKey: KEY,
    maxRetries: 0,
    baseUrl: server.googleUrl,
  });
  const sideResponses: Promise<unknown>[] = [];
  const client: { generateContentStream: (...args: unknown[]) => Promise<{ response: Promise<unknown> }> } =
    Reflect.get(model, "client");
  const original = client.generateContentStream.bind(client);
  client.generateContentStream = async (...args) => {
    const result = await original(...args);
    result.response.catch(() => {});
    sideResponses.push(result.response);
    return result;
  };
  return { model, sideResponses };
}

export interface Heard {
  readonly texts: string[];
  readonly whole: AIMessageChunk | undefined;
  readonly error: unknown;
}

/** Reads a stream to its end, be it good or bad. */
export async function hear(stream: Promise<AsyncIterable<AIMessageChunk>>): Promise<Heard> {
  const texts: string[] = [];
  let whole: AIMessageChunk | undefined;
  try {
    for await (const chunk of await stream) {
      if (chunk.text !== "") texts.push(chunk.text);
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return { texts, whole, error: undefined };
  } catch (error) {
    return { texts, whole, error };
  }
}

/** What a caller can tell an error by. */
export function facts(error: unknown): Record<string, unknown> {
  const { name, status, code, errorDetails, cause, message } = Object(error);
  return { class: Object(error).constructor.name, name, status, code, errorDetails, cause, message };
}
