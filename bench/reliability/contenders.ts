import { createOpenAI } from "@ai-sdk/openai";
import { generateText, type LanguageModel, streamText } from "ai";
import { createAgent, modelFallbackMiddleware } from "langchain";
import { byEndpoint, byInvoke, byStream, clientsOf } from "./library.js";
import { models, type Urls } from "./protocol.js";

export interface Limits {
  readonly timeoutMs: number;
}

export interface Reply {
  /** All that the caller saw; an error with text came after it. */
  readonly text?: string;
  readonly error?: unknown;
  readonly lines?: number;
  readonly timeouts?: number;
}
export type Asker = (question: string) => Promise<Reply>;

/** One retry each: the clients wait a second before it, and cannot be told to wait less. */
const retries = 1;

function withFallbacks(urls: Urls, { timeoutMs }: Limits) {
  const [first, ...others] = clientsOf(urls, retries);
  const limited = <Model extends (typeof others)[number] | typeof first>(model: Model) =>
    model.withConfig({ timeout: timeoutMs });
  return limited(first).withFallbacks(others.map(limited));
}

function agentOf(urls: Urls) {
  const [first, ...others] = clientsOf(urls, retries);
  return createAgent({ model: first, tools: [], middleware: [modelFallbackMiddleware(...others)] });
}

/** Three models of OpenAI's format, since providers of the other two are not installed. */
function sdkModels(urls: Urls): LanguageModel[] {
  const provider = createOpenAI({ apiKey: "none", baseURL: urls.openai });
  return Object.values(models).map((model) => provider.chat(model));
}

/** Each contender, made anew in a process of its own. */
export const contenders: Readonly<Record<string, (urls: Urls, limits: Limits) => Asker | Promise<Asker>>> = {
  "createFallback, invoke": byInvoke,
  "createFallback, stream": byStream,
  "createFallback, endpoint": (urls, limits) => byEndpoint(urls, limits),
  "createFallback, endpoint streaming whole": (urls, limits) => byEndpoint(urls, limits, "whole"),
  "createFallback, endpoint streaming": (urls, limits) => byEndpoint(urls, limits, "committed"),
  "withFallbacks, invoke": (urls, limits) => {
    const model = withFallbacks(urls, limits);
    return async (question) => ({ text: (await model.invoke(question)).text });
  },
  "withFallbacks, stream": (urls, limits) => {
    const model = withFallbacks(urls, limits);
    return async (question) => {
      let text = "";
      for await (const chunk of await model.stream(question)) text += chunk.text;
      return { text };
    };
  },
  "modelFallbackMiddleware, invoke": (urls, { timeoutMs }) => {
    const agent = agentOf(urls);
    return async (question) => {
      const signal = AbortSignal.timeout(3 * timeoutMs);
      const { messages } = await agent.invoke({ messages: question }, { signal });
      return { text: messages.at(-1)!.text };
    };
  },
  "modelFallbackMiddleware, stream": (urls, { timeoutMs }) => {
    const agent = agentOf(urls);
    return async (question) => {
      let text = "";
      const signal = AbortSignal.timeout(3 * timeoutMs);
      const stream = await agent.stream({ messages: question }, { signal, streamMode: "messages" });
      for await (const [chunk] of stream) if (chunk.type === "ai") text += chunk.text;
      return { text };
    };
  },
  "AI SDK by hand, generateText": (urls, { timeoutMs }) => {
    const chain = sdkModels(urls);
    return async (prompt) => {
      let last: unknown = new Error("No model has text.");
      for (const model of chain) {
        try {
          const abortSignal = AbortSignal.timeout(timeoutMs);
          const { text } = await generateText({ model, prompt, maxRetries: retries, abortSignal });
          if (text.trim() !== "") return { text };
        } catch (error) {
          last = error;
        }
      }
      throw last;
    };
  },
  "AI SDK by hand, streamText": (urls, { timeoutMs }) => {
    const chain = sdkModels(urls);
    return async (prompt) => {
      let failure: unknown = new Error("No model has text.");
      for (const model of chain) {
        let text = "";
        let failed = false;
        const abortSignal = AbortSignal.timeout(timeoutMs);
        const onError = ({ error }: { readonly error: unknown }) => {
          failure = error;
          failed = true;
        };
        try {
          for await (const part of streamText({ model, prompt, maxRetries: retries, abortSignal, onError }).textStream)
            text += part;
        } catch (error) {
          onError({ error });
        }
        if (text !== "") return failed ? { text, error: failure } : { text }; // it was shown: too late for another model
      }
      throw failure;
    };
  },
};
