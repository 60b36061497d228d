// Where the examples get their models: with OPENAI_API_KEY (or GOOGLE_API_KEY) in the environment from the provider, else from
// a server in this process that speaks the provider's wire format and answers from a script. The client is real either way.
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { type LoopbackServer, type ReplySource, startLoopbackServer } from "langgraph-multimodel/testing";

let starting: Promise<LoopbackServer> | undefined;

async function loopback(model: string, script: readonly ReplySource[]): Promise<LoopbackServer> {
  starting ??= startLoopbackServer();
  const server = await starting;
  server.reply(model, ...script);
  return server;
}

/** A model of OpenAI; `script` is what it says call by call where there is no key, the last line again and again. */
export async function openai(model: string, ...script: readonly ReplySource[]): Promise<ChatOpenAI> {
  if (process.env.OPENAI_API_KEY) return new ChatOpenAI({ model });
  const { openaiUrl } = await loopback(model, script);
  return new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: openaiUrl } });
}

/** A model of Google; see `openai`. */
export async function google(model: string, ...script: readonly ReplySource[]): Promise<ChatGoogleGenerativeAI> {
  if (process.env.GOOGLE_API_KEY) return new ChatGoogleGenerativeAI({ model });
  const { googleUrl } = await loopback(model, script);
  return new ChatGoogleGenerativeAI({ model, apiKey: "none", baseUrl: googleUrl });
}

/** A model on this machine, behind the OpenAI endpoint of Ollama at OLLAMA_BASE_URL; see `openai`. */
export async function ollama(model: string, ...script: readonly ReplySource[]): Promise<ChatOpenAI> {
  const baseURL = process.env.OLLAMA_BASE_URL ?? (await loopback(model, script)).openaiUrl;
  return new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL } });
}

/** Any model, by way of OpenRouter; see `openai`. */
export async function openrouter(model: string, ...script: readonly ReplySource[]): Promise<ChatOpenAI> {
  const { OPENROUTER_API_KEY: apiKey = "none" } = process.env;
  const baseURL = apiKey === "none" ? (await loopback(model, script)).openaiUrl : "https://openrouter.ai/api/v1";
  return new ChatOpenAI({ model, apiKey, configuration: { baseURL } });
}

/** Ends the scripted server, if one was started; every example closes with it. */
export async function done(): Promise<void> {
  const server = starting;
  starting = undefined;
  await (await server)?.close();
}
