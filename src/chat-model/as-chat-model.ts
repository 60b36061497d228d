import { type BaseCache, InMemoryCache } from "@langchain/core/caches";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import type { MessagesGraph, MessagesGraphBuilder } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { fingerprintOf, sharedProfile } from "../models/shared-profile.js";
import { checkContext } from "../state/check-context.js";
import type { RunContext } from "../state/run-context.js";
import { AnswerCache } from "./answer-cache.js";
import { GraphChatModel } from "./chat-model.js";

export interface ChatModelOptions {
  /** What traces call it. @default the name of the graph */
  readonly name?: string;
  /** Run settings of every call; those given with a call win. @default none */
  readonly context?: RunContext;
  /**
   * Capabilities it reports to agents and chains. With `{ structuredOutput: true }` an agent gets its `responseFormat` as JSON text, which is
   * verified and voted on; without it as the call of a tool, which is taken for a step and is not. Say it where the models
   * inside have JSON schema output.
   *
   * @default what the models inside share: the smallest window known, and what all of them can; what is given here wins
   */
  readonly profile?: ModelProfile;
  /**
   * `"committed"`: tokens of an answer that is returned if it completes come as they are made. `"whole"`: every answer comes as one
   * chunk, so that no stream ends in `AnswerDiscardedError`; with a cut stream the next model is taken unseen.
   *
   * @default "committed"
   */
  readonly stream?: "committed" | "whole";
  /**
   * Answers what was asked before, tools and settings included, without running the graph: at no cost, with
   * `response_metadata.orchestration.cached`. `true` is LangChain's in-memory cache of the process. Streams are never cached, as
   * with every chat model; nor is a thread of a checkpointer.
   *
   * @default false
   */
  readonly cache?: boolean | BaseCache;
}

/**
 * Makes a graph a chat model: wherever LangChain takes a chat model - agents, supervisors, chains - it takes a pattern.
 *
 * **When to use** - code you do not own wants one model, and you want it routed, checked, voted on or backed up.
 * **Gotchas** - a chat model receives the whole conversation with every call, so each call is one run of the graph; on a thread of a
 * checkpointer (`configurable: { thread_id }`) its messages replace those there. Tools reach the models that give answers, never
 * judges and routers; an answer that calls tools is a step and is not verified. So is the `responseFormat` of `createAgent`, unless
 * `profile: { structuredOutput: true }` says the models have JSON output (`withStructuredOutput` is always verified). Verified and
 * voted answers stream as one chunk; a stream whose first tokens were given ends in `AnswerDiscardedError` when their model fails,
 * since nothing can take them back (`stream: "whole"` avoids it). `maxConcurrency` of an agent around it is not that of the graph.
 * With a `cache`, a `name` is the key of its answers, in a cache that outlives the process too: give another one when you change
 * prompts or strategies; without a name they are those of this object.
 *
 * @param graph a pattern, compiled or not, or another graph or agent over `messages`
 * @example
 * ```ts
 * const model = asChatModel(createFallback({ models: { openai, gemini } }), { name: "support" });
 * for await (const chunk of await model.stream("Hi")) console.log(chunk.text);
 * const { usage_metadata, response_metadata } = await model.invoke("Hi"); // summed; what was decided is in .orchestration
 * ```
 * @returns a `BaseChatModel`
 * @throws {InvalidModelError} when `graph` is no graph over `messages`
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
      "asChatModel.graph is no graph over messages; give a pattern, an agent or a compiled graph",
    );
  }
  checkOptions(options);
  checkContext(options.context, "asChatModel.context");
  const { name, context, profile, stream = "committed", cache = false } = options;
  const kept = cache === true ? InMemoryCache.global() : cache;
  return new GraphChatModel({
    subgraph,
    kind,
    name: name ?? subgraph.getName(),
    context,
    profile: { ...sharedProfile(subgraph), ...profile },
    live: stream === "committed",
    cache: kept === false ? undefined : new AnswerCache(kept),
    owner: name === undefined ? crypto.randomUUID() : `${name}\n${fingerprintOf(subgraph)}`,
  });
}

const known = ["name", "context", "profile", "stream", "cache"];

function checkOptions(options: ChatModelOptions): void {
  const refuse = (option: string, value: unknown, hint: string) => {
    throw new InvalidOptionError(`asChatModel${option && `.${option}`}`, value, hint);
  };
  if (typeof options !== "object" || options === null) refuse("", options, `give an object of ${known.join(", ")}`);
  const { name, context, profile, stream, cache = false } = options;
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    refuse(unknown, options[unknown as keyof ChatModelOptions], `its options are ${known.join(", ")}`);
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) refuse("name", name, "give a text");
  if (context !== undefined && (typeof context !== "object" || context === null)) {
    refuse("context", context, "give run settings: { sessionId }");
  }
  if (profile !== undefined && (typeof profile !== "object" || profile === null)) {
    refuse("profile", profile, "give an object: { toolCalling: true }");
  }
  if (stream !== undefined && stream !== "committed" && stream !== "whole") {
    refuse("stream", stream, 'give "committed" or "whole"');
  }
  const { lookup, update } = Object(cache) as Partial<BaseCache>;
  if (typeof cache !== "boolean" && (typeof lookup !== "function" || typeof update !== "function")) {
    refuse("cache", cache, "give true, or a cache with lookup and update");
  }
}
