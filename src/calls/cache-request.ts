import type { BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { constructorFields } from "../langgraph/constructor-fields.js";
import { withoutRunKeys } from "../langgraph/run-keys.js";
import { innermost, isBinding } from "../models/client.js";
import type { Client } from "../models/client-kind.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { CacheRequest } from "../resilience/cache.js";
import type { RunContext } from "../state/run-context.js";
import type { Attempt } from "./attempt.js";
import { callerOptions } from "./caller-options.js";
import { canonical } from "./canonical.js";
import { noteEmbedding } from "./note-embedding.js";
import { showingOf } from "./showing.js";

/** Version of what is stored; a change makes answers of earlier versions misses. */
const version = 2;

/** Describes a call for a cache; `undefined` if something in it cannot be compared with another call. */
export function cacheRequest(request: Attempt): CacheRequest | undefined {
  const { messages, scope, options, stops } = request;
  try {
    const idOf = numbered();
    return {
      facts: factsOf(request),
      messages: messages.map((message) => canonical(shownMessage(message, idOf))),
      question: questionIn(messages),
      role: options.role,
      context: scope.config.context as RunContext | undefined,
      stops,
      embed: (text, embedder, work) => noteEmbedding(request, text, embedder, work),
    };
  } catch {
    return undefined;
  }
}

/** Serializes all but the messages that an answer depends on. */
function factsOf({ model, scope, options }: Attempt): string {
  const { schema, logprobs = false, candidate = 0 } = options;
  const { settings, ...wanted } = callerOptions(scope, options, model.entry) ?? {};
  return canonical({
    version,
    model: { ...identityOf(model), ...boundTo(model.runnable) },
    wanted,
    parameters: settings?.parameters,
    schema,
    logprobs,
    asFormCall: wanted.form === undefined ? undefined : showingOf(scope, options) !== "answer", // the answer is then given as a call
    candidate: [...(scope.nesting?.candidates ?? []), candidate],
  });
}

const unnamed = new WeakMap<object, string>();

/** Returns what tells a client from all others, without its key. */
function identityOf({ runnable, modelId, providerAddress, entry, client }: ResolvedModel) {
  const bare = innermost(runnable as Client) as Client & { invocationParams?: (options: object) => unknown };
  if (modelId === undefined && !unnamed.has(client)) unnamed.set(client, crypto.randomUUID());
  return {
    kind: bare.constructor.name,
    modelId,
    provider: entry.provider ?? providerAddress,
    address: bare.clientConfig?.baseURL ?? bare.baseUrl,
    client: modelId === undefined ? unnamed.get(client) : undefined,
    fields: fieldsOf(constructorFields(bare)),
    sent: fieldsOf(bare.invocationParams?.({})),
  };
}

/** Names of a client's fields, and of its headers, that hold keys. */
const credentials =
  /(access|api|subscription)[-_]?key|secret|password|credential|authorization|(access|api|auth|bearer|id|refresh|security|session)[-_]?token$|^(key|token)$/i;

/** Names of a client's fields that do not change an answer. */
const beside =
  /^(callbacks|cache|metadata|tags|verbose|maxRetries|maxConcurrency|timeout|streaming|profile|prompt_?cache_?key)$/i;

/** Names of a client's fields that say how it reaches its server. */
const connections = /^(auth\w*|credentials|(client|default)?_?(configuration|config|options|headers|query))$/i;

/** Copies the fields of a client without its keys, so that a new key finds the answers of the old one. */
function fieldsOf(fields: unknown): unknown {
  const kept = Object.entries(Object(fields)).filter(([name]) => !beside.test(name) && !credentials.test(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, connections.test(name) ? withoutKeys(value) : plainValue(value)]),
  );
}

/** Copies the settings of a connection without keys, at any depth. */
function withoutKeys(settings: unknown): unknown {
  const value = plainValue(settings);
  return isPlain(value) ? fieldsWithin(value) : value;
}

function fieldsWithin(value: object): object {
  const kept = Object.entries(value).filter(([name]) => !credentials.test(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutKeys(each)]));
}

/** Copies a value whole, whatever its parts are called, except for objects with behaviour: an agent of Node, a handler. */
function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (!isPlain(value)) return (value as object) instanceof Date || isInteropZodSchema(value) ? value : undefined;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainValue(each)]));
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** Collects what is bound to a client, such as tools. */
function boundTo(runnable: Runnable): { readonly bound?: unknown } {
  if (!isBinding(runnable)) return {};
  return {
    bound: { ...boundTo(runnable.bound), own: withoutRunKeys({ ...runnable.config, ...runnable.kwargs }) },
  };
}

/** Numbers tool calls in the order in which they first appear, because their ids differ from run to run. */
export function numbered(): (id: string | undefined) => number | undefined {
  const known = new Map<string, number>();
  return (id) => {
    if (id === undefined) return undefined;
    const number = known.get(id) ?? known.size;
    known.set(id, number);
    return number;
  };
}

/** Copies the fields of a message that its reader sees. */
export function shownMessage(message: BaseMessage, idOf: (id: string | undefined) => number | undefined): object {
  const { type, content, name, additional_kwargs } = message;
  const { tool_calls, invalid_tool_calls, tool_call_id, status, role } = message as BaseMessage &
    Partial<Record<string, unknown>>;
  const calls = [tool_calls, invalid_tool_calls].flatMap((each) => (Array.isArray(each) ? each : [])) as {
    readonly id?: string;
    readonly name?: string;
    readonly args?: unknown;
  }[];
  const called = calls.map((call) => ({ id: idOf(call.id), name: call.name, args: call.args }));
  const { tool_calls: _raw, ...others } = additional_kwargs;
  const body = Array.isArray(content) ? content.map((block) => withoutCallId(block, idOf)) : content;
  const answers = typeof tool_call_id === "string" ? idOf(tool_call_id) : undefined;
  return { type, role, content: body, name, called, answers, status, others };
}

/** Numbers the id of a block that is a tool call: Claude repeats calls in the content. */
function withoutCallId(block: object, idOf: (id: string | undefined) => number | undefined): object {
  const { type, id } = block as { readonly type?: unknown; readonly id?: unknown };
  if (typeof id !== "string" || !String(type).startsWith("tool")) return block;
  return { ...block, id: idOf(id) };
}

/** Returns the text of the last message if a person without a name wrote it, and it holds text only. */
function questionIn(messages: readonly BaseMessage[]): string | undefined {
  const last = messages.at(-1);
  if (last?.type !== "human" || last.name !== undefined) return undefined;
  const { content, text } = last;
  return typeof content === "string" || content.every(({ type }) => type === "text") ? text : undefined;
}
