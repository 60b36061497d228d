import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Runnable } from "@langchain/core/runnables";
import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import { isCompiledGraph } from "../langgraph/private-keys.js";
import type { Price } from "../ledger/model-call.js";
import { lookUpPrice } from "../ledger/price.js";
import { noteLimitHeaders } from "../resilience/provider-limits.js";
import type { RetryOptions } from "../resilience/retry.js";
import { isKey } from "../secrets/redact.js";
import { rememberEnvironment, rememberSecretsIn } from "../secrets/remember-secrets.js";
import type { RunContext } from "../state/run-context.js";
import { type AnswerOptions, answerOptionsOf } from "./answer-options.js";
import { defaultReplyBytes, type ReplyBounds } from "./bounded-fetch.js";
import { namedClient, unavailableFor } from "./by-name/named-client.js";
import type { ModelName } from "./by-name/named-providers.js";
import { readCapabilities } from "./capabilities.js";
import { checkEntry } from "./check-entry.js";
import { type ClientFacts, factsOf, isBinding, patched, withParameters } from "./client.js";
import type { Capabilities, Model, ModelEntry } from "./model.js";
import { checkSpelling } from "./parameter-names.js";
import { poolIn, resolvePool } from "./pool.js";
import { type Protection, protectionOf } from "./protection.js";
import { UnavailableModel } from "./unavailable-model.js";

/** A model after detection of its kind; the rest of the library never inspects what a user passed. */
export interface ResolvedModel extends ClientFacts, Protection {
  /** `chat` is called directly; `pattern` returns its own ledger; `opaque` is measured by a callback handler. */
  readonly kind: "chat" | "pattern" | "opaque";
  readonly entry: ModelEntry;
  readonly runnable: Runnable;
  /** What is watched in the replies of the client. */
  readonly bounds: ReplyBounds;
  /** Identity of the client, the same in entries copied with a spread. */
  readonly client: object;
  /** `null`: unknown; `undefined`: looked up by the model id of each answer. */
  readonly price: Price | null | undefined;
  /** Provider name; for an unknown client, the client itself. */
  readonly provider: string | object;
  readonly contextWindow: number | undefined;
  /** Most tokens of one answer, which a budget reserves and sends. */
  readonly maxOutputTokens: number;
  readonly capabilities: Capabilities;
  /** Retry setting; false if the model retries itself (a graph, `.withRetry()`). */
  readonly retry: RetryOptions | false | undefined;
  /** Makes the client of a model that was given by its name; without its key or package, the model fails as unavailable. */
  readonly load?: () => Promise<ResolvedModel>;
  /** Clients of a pool; the other fields are those of the first. */
  readonly pool?: readonly ResolvedModel[];
  /** Graph behind the model, for drawings. */
  readonly subgraph?: Runnable;
  /** Options bound to the chat model that wraps a pattern. */
  readonly options?: AnswerOptions;
  /** Run settings of the chat model that wraps a pattern; those of the run override them. */
  readonly context?: RunContext;
}

const resolved = new WeakMap<object, ResolvedModel>();
const resolvedNames = new Map<string, ResolvedModel>();

/**
 * Resolves any value accepted as a model, once per value.
 *
 * @param more additional entry keys of the pattern
 * @throws {InvalidModelError} when the value cannot answer messages
 */
export function resolve(given: unknown, option = "model", more: readonly string[] = []): ResolvedModel {
  if (typeof given === "string") {
    const known = resolvedNames.get(given) ?? resolveEntry({ model: given as ModelName }, option, more);
    resolvedNames.set(given, known);
    return known;
  }
  if (typeof given !== "object" || given === null) {
    throw new InvalidModelError(`${option} is ${given === null ? "null" : typeof given}; ${expected}`);
  }
  let model = resolved.get(given);
  if (model === undefined) {
    const resolveOne = (entry: ModelEntry, at: string) => resolveEntry(entry, at, more);
    if (poolIn(given) !== undefined) model = resolvePool(given, option, resolveOne);
    else model = resolveOne(isEntry(given) ? given : { model: given as Model }, option);
    resolved.set(given, model);
  }
  return model;
}

const expected =
  'give a chat model (new ChatOpenAI({ model })), a name ("openai:gpt-4o-mini"), an agent, a compiled graph, another pattern, or an entry { model, … } with one of these';

function isEntry(given: object): given is ModelEntry {
  return "model" in given && !("invoke" in given) && !("compile" in given);
}

function resolveEntry(entry: ModelEntry, option: string, more: readonly string[]): ResolvedModel {
  rememberEnvironment();
  checkEntry(entry, option, more);
  if (typeof entry.model === "string") return resolveNamed(entry, entry.model, option, more);
  const { runnable, kind, ...behind } = runnableOf(entry.model, option);
  if (kind !== "pattern") rememberSecretsIn(entry); // a pattern has already remembered those of its models
  const { subgraph } = behind;
  const chat = kind === "chat" ? withParameters(runnable, entry.parameters, option) : runnable;
  for (const settings of ["parameters", "taskParameters"] as const) {
    if (kind === "chat" || entry[settings] === undefined) continue;
    throw new InvalidModelError(
      `${option}.${settings} cannot be set on a graph or agent; set them on the models inside it`,
    );
  }
  for (const only of ["firstTokenTimeout", "finishReason", "hedge", "cache"] as const) {
    if (kind === "chat" || entry[only] === undefined) continue;
    throw new InvalidModelError(`${option}.${only} cannot be set on a graph or agent; set it on the models inside it`);
  }
  const facts = factsOf(chat);
  if (isKey(facts.modelId ?? "")) {
    throw new InvalidModelError(
      `${option}: the id of its model is a key; give the id of a model, and the key as apiKey`,
    );
  }
  const client = clientOf(runnable);
  const { limit } = entry;
  const onHeaders = limit && ((headers: Headers) => noteLimitHeaders(client, headers));
  const bounds = { bytes: limit?.replyBytes ?? defaultReplyBytes, onHeaders };
  const owned = subgraph !== undefined || "maxAttemptNumber" in runnable;
  return {
    ...facts,
    kind,
    entry,
    runnable: kind === "chat" ? patched(chat, bounds) : chat,
    bounds,
    client,
    price: entry.price !== undefined ? entry.price : priceOf(facts),
    provider: entry.provider ?? facts.providerAddress ?? client,
    contextWindow: entry.contextWindow ?? facts.profile.contextWindow,
    maxOutputTokens: entry.maxOutputTokens ?? facts.profile.maxOutputTokens ?? defaultOutputTokens,
    capabilities: { ...facts.profile.capabilities, ...readCapabilities(entry.capabilities) },
    namesFinishReason: entry.finishReason ?? facts.namesFinishReason,
    ...protectionOf({ entry, kind, facts }, option),
    retry: entry.retry ?? (owned ? false : undefined),
    ...behind,
  };
}

/** Resolves a model by what is known of it; `load` makes its client, and keeps what the name has gathered, such as an open breaker. */
function resolveNamed(entry: ModelEntry, name: string, option: string, more: readonly string[]): ResolvedModel {
  const named = namedClient(name, option);
  checkSpelling(named, entry.parameters, option);
  const early = resolveEntry({ ...entry, model: named }, option, more);
  const { client, guards, breaker, sharedBreaker, limiter } = early;
  const price = entry.price === undefined ? (named.listPrice ?? early.price) : entry.price;
  const kept = {
    entry,
    client,
    guards,
    breaker,
    sharedBreaker,
    limiter,
    price,
    provider: providerNamed(entry, early, name),
  };
  const make = async () => ({ ...resolveEntry({ ...entry, model: await named.load() }, option, more), ...kept });
  let loaded: Promise<ResolvedModel> | undefined;
  const load = async (): Promise<ResolvedModel> => {
    loaded ??= make();
    try {
      return await loaded;
    } catch (error) {
      loaded = undefined; // a key may be set before the next call
      if (InvalidOptionError.isInstance(error)) throw error; // a mistake, from which no chain may move on unseen
      return { ...early, ...kept, runnable: new UnavailableModel(unavailableFor(name, error)) };
    }
  };
  return { ...early, ...kept, load };
}

function providerNamed({ provider }: ModelEntry, { provider: found }: ResolvedModel, name: string): string | object {
  return provider ?? (typeof found === "string" ? found : name.slice(0, name.indexOf(":")));
}

function priceOf({ modelId, catalogue, localPrice }: ClientFacts): Price | null | undefined {
  if (localPrice !== undefined) return localPrice;
  return modelId === undefined ? undefined : (lookUpPrice(modelId, catalogue) ?? undefined);
}

/** Fields that distinguish the kinds of model. */
interface Shape {
  readonly invoke?: unknown;
  readonly compile?: () => Runnable & Shape;
  readonly channels?: object;
  readonly graph?: Runnable & Shape;
  readonly bound?: Runnable;
  readonly context?: RunContext;
}

type FoundModel = Pick<ResolvedModel, "runnable" | "kind" | "subgraph" | "options" | "context">;

function runnableOf(model: unknown, option: string): FoundModel {
  const shape = (typeof model === "object" && model !== null ? model : {}) as Shape;
  if (typeof shape.compile === "function") return graph(shape.compile());
  if (isCompiledGraph(shape)) return graph(model as Runnable & Shape);
  const behind = graphBehind(model);
  if (behind !== undefined) return behind;
  if (typeof shape.invoke !== "function") throw new InvalidModelError(`${option} is not a model; ${expected}`);
  return { runnable: model as Runnable, kind: isChat(model) ? "chat" : "opaque" };
}

/** Finds the graph of an agent or of a chat model that wraps a pattern, and collects the options bound to it. */
function graphBehind(model: unknown, bound: RunSettings = {}): FoundModel | undefined {
  const { graph: inner, context } = (typeof model === "object" && model !== null ? model : {}) as Shape;
  if (inner !== undefined && isCompiledGraph(inner)) {
    const options = answerOptionsOf(bound);
    return {
      ...graph(inner),
      ...(Object.keys(options).length > 0 && { options }),
      ...((context ?? bound.context) && { context: { ...context, ...bound.context } }),
    };
  }
  return isBinding(model) ? graphBehind(model.bound, { ...model.config, ...model.kwargs, ...bound }) : undefined;
}

interface RunSettings {
  readonly context?: RunContext;
}

/** State keys of a pattern; a graph without them is opaque. */
const patternKeys = ["calls", "decisions", "candidates", "failures", "modelUsed"];

/** Returns whether a compiled graph is a pattern, which records its own calls. */
export function isPatternGraph({ channels = {} }: Pick<Shape, "channels">): boolean {
  return patternKeys.every((key) => key in channels);
}

function graph(compiled: Runnable & Shape): FoundModel {
  return { runnable: compiled, kind: isPatternGraph(compiled) ? "pattern" : "opaque", subgraph: compiled };
}

function isChat(model: unknown): boolean {
  if (model instanceof BaseChatModel || typeof (model as { _generate?: unknown })._generate === "function") return true;
  return isBinding(model) && isChat(model.bound);
}

function clientOf(runnable: Runnable): object {
  const { bound } = runnable as Shape;
  return bound === undefined ? runnable : clientOf(bound);
}

/** Output limit that a budget assumes and sends for a model without one. */
export const defaultOutputTokens = 4_096;
