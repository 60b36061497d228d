import { ChatAnthropic } from "@langchain/anthropic";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { callsOf, createFallback, type ModelCall } from "langgraph-multimodel";
import { serve } from "langgraph-multimodel/server";
import type { Asker, Limits } from "./contenders.js";
import { models, type Urls } from "./protocol.js";

export function clientsOf({ openai, google, anthropic }: Urls, maxRetries: number) {
  const apiKey = "none";
  return [
    new ChatOpenAI({ model: models.openai, apiKey, maxRetries, configuration: { baseURL: openai } }),
    new ChatGoogleGenerativeAI({ model: models.google, apiKey, maxRetries, baseUrl: google }),
    new ChatAnthropic({ model: models.anthropic, apiKey, maxRetries, anthropicApiUrl: anthropic }),
  ] as const;
}

function chainOf(urls: Urls, { timeoutMs }: Limits) {
  const [openai, gemini, claude] = clientsOf(urls, 2).map((model) => ({
    model,
    timeout: timeoutMs,
    retry: { backoff: [1, 1] },
    coolDown: { maxMs: 0 }, // each question by itself, as with the others
  }));
  return createFallback({ models: { openai: openai!, gemini: gemini!, claude: claude! } });
}

const linesOf = (calls: readonly ModelCall[]) => ({
  lines: calls.length,
  timeouts: calls.filter(({ status }) => status === "timeout").length,
});

export function byInvoke(urls: Urls, limits: Limits): Asker {
  const graph = chainOf(urls, limits).compile();
  return async (question) => {
    try {
      const { messages, calls } = await graph.invoke({ messages: question });
      return { text: messages.at(-1)!.text, ...linesOf(calls) };
    } catch (error) {
      return { error, ...linesOf(callsOf(error)) };
    }
  };
}

/** Shows what arrives, and takes back what an `attempt_discarded` names, as a page does. */
export function byStream(urls: Urls, limits: Limits): Asker {
  const graph = chainOf(urls, limits).compile();
  return async (question) => {
    const shown = new Map<string, string>();
    let calls: readonly ModelCall[] = [];
    try {
      const stream = await graph.stream({ messages: question }, { streamMode: ["messages", "custom", "values"] });
      for await (const [mode, part] of stream) {
        if (mode === "messages") {
          const [{ id = "", text }] = part;
          shown.set(id, (shown.get(id) ?? "") + text);
        } else if (mode === "custom") {
          const { type, messageId } = part as { readonly type?: string; readonly messageId?: string };
          if (type === "attempt_discarded") shown.delete(messageId ?? "");
        } else calls = part.calls;
      }
      return { text: [...shown.values()].join(""), ...linesOf(calls) };
    } catch (error) {
      return { error, ...linesOf(callsOf(error)) };
    }
  };
}

/** Asks the endpoint over HTTP; its replies name no lines. */
export async function byEndpoint(urls: Urls, limits: Limits, mode?: "committed" | "whole"): Promise<Asker> {
  const stream = mode !== undefined;
  const server = await serve({ graphs: { chain: chainOf(urls, limits) }, onError: () => {} }, { port: 0 });
  return async (question) => {
    const orchestration = stream ? { orchestration: { stream: mode } } : {};
    const messages = [{ role: "user", content: question }];
    const body = JSON.stringify({ model: "chain", stream, messages, ...orchestration });
    const reply = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const text = await reply.text();
    if (!reply.ok) return { error: new Error(text) };
    if (!stream) {
      const [{ message, finish_reason: reason }] = JSON.parse(text).choices;
      return reason === "stop" ? { text: message.content } : { error: new Error(`The answer ended in ${reason}.`) };
    }
    const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!));
    const failed = events.find(({ error }) => error !== undefined);
    if (failed !== undefined) return { error: new Error(JSON.stringify(failed)) }; // after text, too: a page shows that it failed
    const choices = events.flatMap((event) => event.choices);
    const reason = choices.map((choice) => choice.finish_reason).findLast((word) => word != null);
    if (reason !== "stop") return { error: new Error(`The stream ended in ${reason}.`) };
    return { text: choices.map((choice) => choice.delta?.content ?? "").join("") };
  };
}
