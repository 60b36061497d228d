import { type BaseCache, InMemoryCache } from "@langchain/core/caches";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import type { MessagesGraph, MessagesGraphBuilder } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { fingerprintOf, sharedProfile } from "../models/shared-profile.js";
import { checkContext } from "../state/check-context.js";
import { settingsOf } from "../state/graph-settings.js";
import type { RunContext } from "../state/run-context.js";
import { AnswerCache } from "./answer-cache.js";
import { GraphChatModel } from "./chat-model.js";

export interface ChatModelOptions {
  /** Name in traces. @default the name of the graph */
  readonly name?: string;
  /** Run context of every call; a call's own context wins. @default none */
  readonly context?: RunContext;
  /**
   * Capabilities reported to agents and chains. With `{ structuredOutput: true }` an agent gets its `responseFormat` as JSON
   * text, which is verified and voted on; otherwise as a tool call, which is not. Set it when the inner models support JSON
   * schema output.
   *
   * @default what the inner models share: the smallest known window, and the capabilities of all; these fields win
   */
  readonly profile?: ModelProfile;
  /**
   * `"committed"` streams an answer that will be returned if it completes. `"live"` streams drafts too: each has its own message id,
   * and a custom event `attempt_discarded` (an `AttemptDiscarded`) reaches callbacks when it is dropped. `"whole"` sends every answer
   * as one chunk, so that no stream ends in `AnswerDiscardedError`: when a model breaks off, the next one takes over unseen.
   * Within a run, `stream` of that run's context wins over the first two. Other graphs than patterns always come whole.
   *
   * @default "committed"
   */
  readonly stream?: "committed" | "live" | "whole";
  /**
   * Returns cached answers to equal requests, tools and settings included, at no cost and with
   * `response_metadata.orchestration.cached`. `true` uses LangChain's in-memory cache. Streams and threads of a checkpointer are
   * not cached. Refused for a graph with a `privacy` rule.
   *
   * @default false
   */
  readonly cache?: boolean | BaseCache;
}

/**
 * Turns a graph into a chat model for agents, supervisors, chains and anything else that accepts one.
 *
 * **When to use** - code you do not own expects one model, and you want it routed, verified, voted on or backed up.
 * **Gotchas** - each call is one run; on a checkpointer thread its messages replace the stored ones. Tools reach the models that
 * answer, never judges and routers, and answers with tool calls are not verified. Verified and voted answers stream as one chunk.
 * A stream that breaks off ends in `AnswerDiscardedError` (see `stream`); the chunks of a `"live"` one must not be joined across ids. With a `cache`, `name` is part of the key: change it with your
 * strategies (nodes, models and prompts are in the key); without it only this object reuses answers. More:
 * docs/patterns/chat-model.md
 *
 * @param graph a pattern, compiled or not, or another graph or agent over `messages`
 * @example
 * ```ts
 * const model = asChatModel(createFallback({ models: { openai, gemini } }), { name: "support" });
 * for await (const chunk of await model.stream("Hi")) console.log(chunk.text);
 * const { usage_metadata, response_metadata } = await model.invoke("Hi"); // summed over all calls; decisions are in .orchestration
 * ```
 * @returns a `BaseChatModel`
 * @throws {InvalidModelError} when `graph` is not a graph over `messages`
 * @throws {InvalidOptionError} when an option is unknown or its value is invalid
 */
export function asChatModel(
  graph: MessagesGraph | MessagesGraphBuilder,
  options: ChatModelOptions = {},
): GraphChatModel {
  const model = resolve(graph, "asChatModel.graph");
  const { subgraph, kind } = model;
  const { channels } = (subgraph ?? {}) as { readonly channels?: object };
  if (model.entry.model !== graph || subgraph === undefined || channels === undefined || !("messages" in channels)) {
    throw new InvalidModelError(
      "asChatModel.graph is not a graph over messages; give a pattern, an agent or a compiled graph",
    );
  }
  checkChatModelOptions(options);
  checkContext(options.context, "asChatModel.context");
  const { name, context, profile, stream = "committed", cache = false } = options;
  const { builder = {} } = subgraph as { readonly builder?: object };
  if (cache !== false && settingsOf(builder)?.privacy !== undefined) {
    const hint =
      "leave it out: what a graph with a privacy rule is asked is kept nowhere; give a cache to the entries, which heed it";
    throw new InvalidOptionError("asChatModel.cache", cache, hint);
  }
  const kept = cache === true ? InMemoryCache.global() : cache;
  return new GraphChatModel({
    subgraph,
    kind,
    name: name ?? subgraph.getName(),
    context,
    profile: { ...sharedProfile(subgraph), ...profile },
    stream,
    cache: kept === false ? undefined : new AnswerCache(kept),
    owner: name === undefined ? crypto.randomUUID() : `${name}\n${fingerprintOf(subgraph)}`,
  });
}

const known = ["name", "context", "profile", "stream", "cache"];

function checkChatModelOptions(options: ChatModelOptions): void {
  const refuse = (option: string, value: unknown, hint: string) => {
    throw new InvalidOptionError(`asChatModel${option && `.${option}`}`, value, hint);
  };
  if (typeof options !== "object" || options === null) refuse("", options, `give an object of ${known.join(", ")}`);
  const { name, context, profile, stream, cache = false } = options;
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    refuse(unknown, options[unknown as keyof ChatModelOptions], `the options are ${known.join(", ")}`);
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) refuse("name", name, "give a non-empty string");
  if (context !== undefined && (typeof context !== "object" || context === null)) {
    refuse("context", context, "give a run context: { sessionId }");
  }
  if (profile !== undefined && (typeof profile !== "object" || profile === null)) {
    refuse("profile", profile, "give an object: { toolCalling: true }");
  }
  if (stream !== undefined && !["committed", "live", "whole"].includes(stream)) {
    refuse("stream", stream, 'give "committed", "live" or "whole"');
  }
  const { lookup, update } = Object(cache) as Partial<BaseCache>;
  if (typeof cache !== "boolean" && (typeof lookup !== "function" || typeof update !== "function")) {
    refuse("cache", cache, "give true, or a cache with lookup and update");
  }
}
