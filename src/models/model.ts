import type { LanguageModelLike } from "@langchain/core/language_models/base";
import type { BaseMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { Price } from "../ledger/model-call.js";
import type { CoolDownOptions } from "../resilience/cooldown.js";
import type { RetryOptions } from "../resilience/retry.js";
import type { Prompt } from "../state/prompt.js";

/** A compiled graph (or a `createAgent` agent) that takes messages and returns them with an answer at the end. */
export interface MessagesGraph {
  invoke(input: { messages: BaseMessage[] }, config?: RunnableConfig): Promise<{ messages: BaseMessage[] }>;
}

/** A graph that is still a builder, as every pattern of this library returns it. */
export interface MessagesGraphBuilder {
  // biome-ignore lint/suspicious/noExplicitAny: the one seam; the compiled type of a foreign builder has ten generics of its own
  compile(): any;
}

/** Anything that answers messages: a chat model, a bound model, an agent, a compiled graph, or another pattern. */
export type Model = LanguageModelLike | MessagesGraph | MessagesGraphBuilder;

/** Sampling settings, under one name for every provider; the client's own names work too. */
export interface ModelParameters {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly topP?: number;
  readonly [name: string]: unknown;
}

export type Capability = "vision" | "tools" | "json" | "audio";

/** What a model can (`true`) and cannot (`false`); what is left out nothing says, and it is then assumed. */
export type Capabilities = Readonly<Partial<Record<Capability, boolean>>>;

/** A model with what is known about it. Wherever a model is taken, an entry is taken too. */
export interface ModelEntry {
  readonly model: Model;
  /** What it is good at, in a sentence: `classifyWith` and judges read it. */
  readonly description?: string;
  /** Who serves it. @default recognised from the client; unrecognised clients count as different providers */
  readonly provider?: string;
  /** USD per million tokens. @default looked up by model id; 0 for a model on this machine; unknown is `null`, never 0 */
  readonly price?: Price | null;
  /**
   * Put before the conversation, joined with a system message that is there already. A template of LangChain is filled in every run
   * from the state's own keys and the run context; a text is used as it is.
   */
  readonly systemPrompt?: Prompt;
  /** The client is rebuilt once with them, since clients ignore them per call. */
  readonly parameters?: ModelParameters;
  /** Milliseconds for one attempt, enforced even if the client ignores its signal. @default none */
  readonly timeout?: number;
  /** Milliseconds until the first token of one attempt; makes the call stream. @default none */
  readonly firstTokenTimeout?: number;
  /** The one owner of retries: the client's own are off. A wait is left out while another model can answer sooner. @default 2 retries, 500 ms doubling to 8 s, full jitter */
  readonly retry?: RetryOptions | false;
  /** How long it is passed over at most after a rate limit or a `Retry-After`; one request then tries it. @default 5 minutes */
  readonly coolDown?: CoolDownOptions;
  /**
   * `concurrency`: calls in flight at once, over all graphs that use this entry; further ones wait. `replyBytes`: the most a
   * provider may send in one reply, unpacked. A reply that is larger is not asked for again; another model answers. Of a client whose
   * connection is its own (Gemini's), each event is counted once it is whole: one event without end is stopped by `timeout` only.
   *
   * @default no limit on calls, 32 MiB
   */
  readonly limit?: { readonly concurrency?: number; readonly replyBytes?: number };
  /**
   * False for a server whose streams never name a finish reason: one that ends without is then whole, not cut off.
   * @default true for clients of OpenAI, Azure, Google and Anthropic, whose providers always name one
   */
  readonly finishReason?: boolean;
  /** Tokens. @default the client's profile, else unknown */
  readonly contextWindow?: number;
  /**
   * A list is all it can do; an object, `{ tools: true }`, leaves the rest to the client's profile.
   *
   * @default the client's profile; what it does not say is unknown (and then assumed)
   */
  readonly capabilities?: readonly Capability[] | Capabilities;
  readonly tier?: string;
  readonly tags?: readonly string[];
}

/** Models by name; key order is the order of ladders, chains and ties. */
export type Models<Name extends string = string> = Readonly<Record<Name, Model | ModelEntry>>;
