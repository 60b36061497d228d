import type { LanguageModelLike } from "@langchain/core/language_models/base";
import type { BaseMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { Price } from "../ledger/model-call.js";
import type { Budget } from "../ledger/purse.js";
import type { BreakerOptions } from "../resilience/breaker-options.js";
import type { Cache } from "../resilience/cache.js";
import type { CoolDownOptions } from "../resilience/cooldown.js";
import type { HedgeOptions } from "../resilience/hedge.js";
import type { LimitOptions } from "../resilience/limit-options.js";
import type { RetryOptions } from "../resilience/retry.js";
import type { Prompt } from "../state/prompt.js";
import type { RunParameters } from "../state/run-context.js";
import type { ModelName } from "./by-name/named-providers.js";

/** A compiled graph or `createAgent` agent that receives messages and returns them with an answer at the end. */
export interface MessagesGraph {
  invoke(input: { messages: BaseMessage[] }, config?: RunnableConfig): Promise<{ messages: BaseMessage[] }>;
}

/** An uncompiled graph, as every pattern of this library returns it. */
export interface MessagesGraphBuilder {
  // biome-ignore lint/suspicious/noExplicitAny: the compiled type of a foreign builder has ten generics
  compile(): any;
}

/**
 * Anything that answers messages: a chat model, a bound model, an agent, a compiled graph, another pattern, a pool of clients, or a name
 * such as `"openai:gpt-4o-mini"`, whose client is made at the first call.
 */
export type Model = ModelName | LanguageModelLike | MessagesGraph | MessagesGraphBuilder | ModelPool;

/**
 * Several clients of one model, with different keys or regions, called as one model: the least loaded healthy one takes a call, and a
 * refused, spent or rate-limited key hands it on at once. Settings hold for each client; a client may be an entry with its own.
 */
export interface ModelPool extends Omit<ModelEntry, "model"> {
  readonly clients: readonly (ModelName | LanguageModelLike | ModelEntry)[];
}

/** Sampling settings with the same names for every provider; names of the client work as well. */
export interface ModelParameters {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly topP?: number;
  readonly [name: string]: unknown;
}

export type Capability = "vision" | "tools" | "json" | "audio";

/** Capabilities that a model has (`true`) or lacks (`false`); omitted ones are unknown and assumed present. */
export type Capabilities = Readonly<Partial<Record<Capability, boolean>>>;

/** A model with settings. Every option for a model also accepts an entry. */
export interface ModelEntry {
  readonly model: Model;
  /** One sentence on the strengths of the model, for `classifyWith` and judges. */
  readonly description?: string;
  /** Provider of the model. @default derived from the client; each unknown client counts as its own provider */
  readonly provider?: string;
  /** USD per million tokens. @default looked up by model id; 0 for a model on this machine; unknown is `null`, never 0 */
  readonly price?: Price | null;
  /**
   * Instructions before the conversation, merged with an existing system message. A template of LangChain is filled in every run from
   * the state's own keys and the run context; a string stays literal.
   */
  readonly systemPrompt?: Prompt;
  /** Sampling settings; the client is rebuilt with them, since clients ignore them per call. */
  readonly parameters?: ModelParameters;
  /**
   * Parameters by task: a run whose `context.task` is one of these words answers with them, over `parameters`. Those of
   * `context.parameters` go first; judges, routers and summaries keep their own. A task that is missing here changes nothing.
   */
  readonly taskParameters?: Readonly<Record<string, RunParameters>>;
  /** Milliseconds for one attempt, enforced even if the client ignores its signal. @default none */
  readonly timeout?: number;
  /** Milliseconds until the first token of one attempt; makes the call stream. @default none */
  readonly firstTokenTimeout?: number;
  /** Retries of a call, instead of the client's own. Waits are skipped while another model can answer sooner. @default 2 retries, 500 ms doubling to 8 s, full jitter */
  readonly retry?: RetryOptions | false;
  /** Maximum time the model is skipped after a rate limit or `Retry-After`; then one request probes it. @default 5 minutes */
  readonly coolDown?: CoolDownOptions;
  /**
   * When a model that times out, breaks off or fails is no longer called for a while: a chain skips it, and a model that stands alone
   * throws `CircuitOpenError`. False switches it off.
   *
   * @default on for chat models: open for 30 s after 5 failures in a row, or more than half of at least 10 calls within 60 s
   */
  readonly breaker?: BreakerOptions | false;
  /**
   * Sends a call without an answer a second time: after a time, or after the time that a share of the earlier calls took. The first answer
   * wins, the other request is aborted and billed as far as known. @default none
   */
  readonly hedge?: HedgeOptions;
  /** `exactCache` or `semanticCache`: answers of this model that are given again. @default none */
  readonly cache?: Cache;
  /**
   * Limits of the calls, over all graphs and all entries with the same object: at once, requests and tokens per minute, bytes of a reply.
   * Over a limit a chain skips the model, and a model without an alternative waits up to `queueMs`, then fails as `rate_limit`. A reply
   * that is too large is not retried, but falls back to another model. Clients without a replaceable `fetch` (Gemini) are checked per
   * event, so only `timeout` stops an endless event.
   *
   * @default no limit on calls, 32 MiB
   */
  readonly limit?: LimitOptions;
  /**
   * False for a server whose streams have no finish reason, so that a stream without one counts as complete.
   * @default true for clients of OpenAI, Azure, Google and Anthropic
   */
  readonly finishReason?: boolean;
  /** Tokens. @default the client's profile, else unknown */
  readonly contextWindow?: number;
  /**
   * Most tokens of one answer, which a budget reserves and sends as the limit of the call. @default `parameters.maxTokens`, else the
   * client's own limit, else its profile, else 4,096
   */
  readonly maxOutputTokens?: number;
  /** Window budget of this model: `budget({ usd: 20, per: "day" })`; several entries share one by giving the same object. @default none */
  readonly budget?: Budget;
  /**
   * Capabilities as a complete list, or as an object, `{ tools: true }`, that overrides the client's profile.
   *
   * @default the client's profile; missing ones are unknown and assumed present
   */
  readonly capabilities?: readonly Capability[] | Capabilities;
  /** How good its answers are, 0..1, from your own evaluation: `qualityFocused` reads it. @default unknown */
  readonly quality?: number;
  /** Its class in your own words: `qualityFocused` reads words such as `large`, `standard` and `small`. */
  readonly tier?: string;
  readonly tags?: readonly string[];
}

/** Models by name; key order decides the order of calls and ties. */
export type Models<Name extends string = string> = Readonly<Record<Name, Model | ModelEntry>>;
