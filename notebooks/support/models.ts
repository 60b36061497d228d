// Where the notebooks get their models. Each is the real client of a provider; what answers is a server in this process that speaks
// the provider's wire format and follows a script, so nothing here needs a key or the network. To ask the provider itself, put
// `new ChatOpenAI({ model: "gpt-4o-mini" })` in the place of `await openai("gpt-4o-mini", …)`.
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { type LoopbackRequest, type LoopbackServer, type Reply, startLoopbackServer } from "langgraph-multimodel/testing";

/** Words of a request, and what to say to it; the first that fits counts, `""` fits always. A text alone is said to everything. */
export type Script = Reply | Readonly<Record<string, Reply>>;

let starting: Promise<LoopbackServer> | undefined;

/** The server behind the models: `(await server()).requests` is what it was asked. */
export function server(): Promise<LoopbackServer> {
  starting ??= startLoopbackServer();
  return starting;
}

/** A chat model of OpenAI that follows a script. */
export async function openai(model: string, script: Script): Promise<ChatOpenAI> {
  const { openaiUrl } = await follow(model, script);
  return new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: openaiUrl } });
}

/** A chat model of Google that follows a script. */
export async function google(model: string, script: Script): Promise<ChatGoogleGenerativeAI> {
  const { googleUrl } = await follow(model, script);
  return new ChatGoogleGenerativeAI({ model, apiKey: "none", baseUrl: googleUrl });
}

async function follow(model: string, script: Script): Promise<LoopbackServer> {
  const running = await server();
  running.reply(model, (request) => replyTo(request, script));
  return running;
}

function replyTo({ messages }: LoopbackRequest, script: Script): Reply {
  if (isReply(script)) return script;
  const asked = messages.map(({ text }) => text).join("\n").toLowerCase();
  const key = Object.keys(script).find((words) => asked.includes(words.toLowerCase()));
  return key === undefined ? "My script has no answer to this." : script[key]!;
}

/** Everything `failWith` makes, and text: a record of replies has neither of these keys. */
function isReply(script: Script): script is Reply {
  return typeof script === "string" || ["error", "fault", "text", "refusal", "toolCalls"].some((key) => key in script);
}
