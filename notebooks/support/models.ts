// Where the notebooks get their models. Each is the real client of a provider; what answers is a server in this process that speaks
// the provider's wire format and follows a script, so nothing here needs a key or the network. To ask the provider itself, put
// `new ChatOpenAI({ model: "gpt-4o-mini" })` in the place of `await openai("gpt-4o-mini", …)`.
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  type LoopbackRequest,
  type LoopbackServer,
  type Reply,
  startLoopbackServer,
} from "langgraph-multimodel/testing";

/** Words of a request, and what to say to it; the first that fits counts, `""` fits always. A text alone is said to everything. */
export type Script = Reply | Readonly<Record<string, Reply>>;

const scripts = new Map<string, Script>();
let starting: Promise<LoopbackServer> | undefined;

/** The server behind the models: `(await server()).requests` is what it was asked. */
export function server(): Promise<LoopbackServer> {
  starting ??= startLoopbackServer();
  return starting;
}

/** A chat model of OpenAI that follows a script. */
export async function openai(model: string, script: Script): Promise<BaseChatModel> {
  const { openaiUrl } = await follow(model, script);
  const { ChatOpenAI } = clientsOf("@langchain/openai");
  return new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: openaiUrl } });
}

/** A chat model of Google that follows a script. */
export async function google(model: string, script: Script): Promise<BaseChatModel> {
  const { googleUrl } = await follow(model, script);
  const { ChatGoogleGenerativeAI } = clientsOf("@langchain/google-genai");
  return new ChatGoogleGenerativeAI({ model, apiKey: "none", baseUrl: googleUrl });
}

type Client = new (fields: Readonly<Record<string, unknown>>) => BaseChatModel;

/** Loads a provider's clients without their types, which take the compiler of a notebook a second to read. */
function clientsOf(name: string): Readonly<Record<string, Client>> {
  return require(name);
}

async function follow(model: string, script: Script): Promise<LoopbackServer> {
  const running = await server();
  if (!scripts.has(model)) running.reply(model, (request) => replyTo(request, scripts.get(model)!));
  scripts.set(model, script); // a cell that runs again gives its models their scripts again
  return running;
}

function replyTo({ messages }: LoopbackRequest, script: Script): Reply {
  if (isReply(script)) return script;
  const asked = messages
    .map(({ text }) => text)
    .join("\n")
    .toLowerCase();
  const key = Object.keys(script).find((words) => asked.includes(words.toLowerCase()));
  return key === undefined ? "My script has no answer to this." : script[key]!;
}

/** Everything `failWith` makes, and text: a record of replies has neither of these keys. */
function isReply(script: Script): script is Reply {
  return typeof script === "string" || ["error", "fault", "text", "refusal", "toolCalls"].some((key) => key in script);
}
