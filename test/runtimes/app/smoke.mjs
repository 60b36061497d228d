import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import {
  callsOf,
  createCascade,
  createFallback,
  createRouter,
  formatReport,
  judgeWith,
  totalCost,
  weighted,
} from "langgraph-multimodel";

/** A client without a network: answers with a text, fails with an error, or waits for the abort. */
class ScriptedChatModel extends BaseChatModel {
  constructor(reply) {
    super({ maxRetries: 0 });
    this.reply = reply;
  }

  _llmType() {
    return "scripted";
  }

  async _generate(_messages, { signal }) {
    if (this.reply === undefined) {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    }
    if (this.reply instanceof Error) throw this.reply;
    const usage_metadata = { input_tokens: 1_000, output_tokens: 500, total_tokens: 1_500 };
    const message = new AIMessage({
      content: this.reply,
      usage_metadata,
      response_metadata: { finish_reason: "stop" },
    });
    return { generations: [{ text: this.reply, message }] };
  }
}

const scripted = (reply) => ({ model: new ScriptedChatModel(reply), price: { input: 1, output: 2 }, retry: false });

/** A provider that is down, and behind it a ladder whose draft a judge refuses. */
async function ledger() {
  const unavailable = Object.assign(new Error("503 Service Unavailable"), { status: 503 });
  const judge = scripted('{"score": 3, "feedback": "Too short."}');
  const ladder = createCascade({
    models: { small: scripted("Hm."), large: scripted("Forty-two.") },
    verify: judgeWith(judge, { threshold: 8 }),
  });
  const graph = createFallback({ models: { down: scripted(unavailable), ladder } }).compile();
  const state = await graph.invoke({ messages: "What is six times seven?" });
  const calls = state.calls.map(({ path, role, status, costUsd }) => [path, role, status, costUsd].join(" "));
  const isReported = formatReport(state.calls).includes("large");
  return { answer: state.messages.at(-1).text, calls, costUsd: totalCost(state.calls), isReported };
}

/** Each session keeps its model, in every runtime the same. */
async function draws() {
  const models = { a: scripted("a"), b: scripted("b") };
  const graph = createRouter({ models, route: weighted({ a: 1, b: 1 }, { stickyBy: "sessionId", seed: 7 }) }).compile();
  const sessions = Array.from({ length: 12 }, (_, index) => `session ${index}`);
  const drawn = sessions.map(async (sessionId) => {
    const { modelUsed } = await graph.invoke({ messages: "Hi" }, { context: { sessionId } });
    return modelUsed;
  });
  return (await Promise.all(drawn)).join("");
}

/** A run that its caller ends, with what it cost until then. */
async function aborted() {
  const caller = new AbortController();
  const graph = createFallback({ models: { slow: scripted(undefined), never: scripted("never") } }).compile();
  const run = graph.invoke({ messages: "Hi" }, { signal: caller.signal });
  setTimeout(() => caller.abort(new Error("the caller has left")), 20);
  return run.then(
    () => "answered",
    (error) => callsOf(error).map(({ model, status }) => `${model} ${status}`),
  );
}

/** What every runtime must give, character by character. */
export async function smoke() {
  return { ...(await ledger()), draws: await draws(), aborted: await aborted() };
}
