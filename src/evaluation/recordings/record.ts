import { existsSync } from "node:fs";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs";
import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { InvalidModelError, InvalidOptionError } from "../../errors/index.js";
import { isBinding, withParameters } from "../../models/client.js";
import type { Model, ModelEntry, Models } from "../../models/model.js";
import { resolve } from "../../models/resolve.js";
import { appendLine, endLastLine } from "./lines.js";
import { plainMessages, type RecordedCall, toRecordedCall, toRecordedFailure } from "./recorded-call.js";
import { requestKey, toolNames } from "./request-key.js";

/** Options of `record`. */
export interface RecordOptions {
  /** Name of the model in the file. @default the id of the model */
  readonly name?: string;
}

/**
 * Makes a chat model that appends every call to a file: what it was asked, what it answered or how it failed, tokens and times.
 *
 * **When to use** - once, with keys; then run graphs, tests and evaluations from the file without them (`replay`).
 * **Gotchas** - give an entry of a graph, or all its models at once: `record({ small, large }, file)` names them by their keys. Judges and
 * routers are models too. Keys and passwords are redacted; questions and answers are what they are, so look at the file before you share
 * it. Attempts that a retry repeats are recorded each. A stream that its reader leaves is not recorded. Several processes may append to
 * one file.
 *
 * @param model a chat model, an entry, or several by name; given back in the same form
 * @param file JSONL file; made if missing
 * @example
 * ```ts
 * import { record, replay } from "langgraph-multimodel/evaluation";
 * await record(small, "small.jsonl").invoke("What is 3 * 6?");
 * const graph = createFallback({ models: { small: replay("small.jsonl") } }).compile();
 * await graph.invoke({ messages: "What is 3 * 6?" }); // no key, no request
 * ```
 * @throws {InvalidModelError} for a graph or agent; record the models inside it
 */
export function record<Given extends Model | ModelEntry | Models>(
  model: Given,
  file: string,
  options: RecordOptions = {},
): Given {
  if (typeof file !== "string" || file === "") {
    throw new InvalidOptionError("record.file", file, "give the path of a JSONL file");
  }
  if (existsSync(file)) endLastLine(file);
  return recorded(model, file, options.name) as Given;
}

function recorded(given: unknown, file: string, name: string | undefined): unknown {
  const shape = Object(given) as {
    readonly invoke?: unknown;
    readonly compile?: unknown;
    readonly [key: string]: unknown;
  };
  const isModel = typeof shape.invoke === "function" || typeof shape.compile === "function";
  if (isModel) return recordedModel(given as Runnable, file, name);
  if (Array.isArray(shape.clients)) {
    return { ...shape, clients: shape.clients.map((client) => recorded(client, file, name)) };
  }
  if (typeof shape.model === "object" && shape.model !== null) {
    const { parameters, ...entry } = shape as unknown as ModelEntry;
    const client = withParameters(entry.model as Runnable, parameters, "record.model");
    return { ...entry, model: recordedModel(client, file, name) };
  }
  return Object.fromEntries(Object.entries(shape).map(([key, model]) => [key, recorded(model, file, key)]));
}

function recordedModel(model: Runnable, file: string, name: string | undefined): Runnable {
  if (isBinding(model)) {
    const bound = recordedModel(model.bound, file, name);
    return new RunnableBinding({ bound, config: model.config, kwargs: model.kwargs });
  }
  const { kind, modelId } = resolve(model, "record.model");
  if (kind !== "chat") {
    throw new InvalidModelError(
      "record.model is a graph or an agent; record the models inside it, and build it of them",
    );
  }
  return listening(model as Client, { file, name: name ?? modelId ?? model.getName() });
}

/** Inner methods of a chat model. */
type Client = Runnable &
  Pick<BaseChatModel, "_streamResponseChunks" | "bindTools"> & {
    _generate(messages: BaseMessage[], options: object, ...rest: unknown[]): Promise<ChatResult>;
  };

/** Where the calls of a client are written. */
interface Place {
  readonly file: string;
  readonly name: string;
}

/**
 * Derives a client whose calls are written down; copies of it with other parameters are, too.
 *
 * @param bound tools of a client that keeps them itself
 */
function listening(client: Client, place: Place, bound: readonly unknown[] = []): Client {
  const { file, name } = place;
  const write = (messages: readonly BaseMessage[], options: object, call: RecordedCall) => {
    const { tools: sent = bound } = options as { readonly tools?: readonly unknown[] };
    const tools = toolNames(sent);
    const [only] = messages;
    const isText = messages.length === 1 && only?.type === "human" && typeof only.content === "string";
    appendLine(file, {
      request: requestKey(messages, { ...options, tools: sent }),
      input: isText ? only.content : plainMessages(messages),
      ...(tools.length > 0 && { tools }),
      answers: { [name]: call },
    });
  };
  const { _generate: generate, _streamResponseChunks: stream } = client;

  async function whole(
    this: Client,
    messages: BaseMessage[],
    options: object,
    ...rest: unknown[]
  ): Promise<ChatResult> {
    const began = performance.now();
    try {
      const result = await generate.call(unheard(this), messages, options, ...rest);
      const message = result.generations[0]?.message as AIMessage | undefined;
      if (message !== undefined) {
        write(messages, options, toRecordedCall(message, { latencyMs: performance.now() - began }));
      }
      return result;
    } catch (error) {
      if (!isAborted(options)) {
        write(messages, options, toRecordedFailure(error, { latencyMs: performance.now() - began }));
      }
      throw error;
    }
  }

  async function* pieces(this: Client, ...call: Parameters<Client["_streamResponseChunks"]>) {
    const [messages, options] = call;
    const began = performance.now();
    let all: AIMessageChunk | undefined;
    let firstTokenMs: number | undefined;
    const timing = () => ({ latencyMs: performance.now() - began, firstTokenMs });
    try {
      for await (const chunk of stream.call(unheard(this), ...call) as AsyncGenerator<ChatGenerationChunk>) {
        firstTokenMs ??= performance.now() - began;
        const message = chunk.message as AIMessageChunk;
        all = all === undefined ? message : all.concat(message);
        yield chunk;
      }
    } catch (error) {
      if (!isAborted(options)) write(messages, options, toRecordedFailure(error, timing(), all?.text));
      throw error;
    }
    if (all !== undefined) write(messages, options, toRecordedCall(all as unknown as AIMessage, timing()));
  }

  /** Returns the client without its ears, so that one that streams inside is written down once. */
  const unheard = (receiver: Client): Client =>
    receiver === view ? client : Object.create(receiver, { _streamResponseChunks: { value: stream } });
  /** Copies of a client, as some make to bind options, are recorded too. */
  const copied = (method: "withConfig" | "bindTools") =>
    function (this: Client, ...given: unknown[]): Runnable {
      const made = (client[method] as (...given: unknown[]) => Runnable).call(this, ...given);
      const tools = method === "bindTools" && Array.isArray(given[0]) ? given[0] : bound;
      const heard = (copy: object) =>
        listened.has(copy) || copy === this ? copy : listening(copy as Client, place, tools);
      if (!isBinding(made)) return heard(made) as Runnable;
      const inner = heard(made.bound) as Runnable;
      if (inner === made.bound) return made;
      return new RunnableBinding({ bound: inner, config: made.config, kwargs: made.kwargs });
    };
  const rebuild = new Proxy(client.constructor, {
    construct: (target, given) => listening(Reflect.construct(target, given) as Client, place, bound),
  });
  const view: Client = Object.create(client, {
    constructor: { value: rebuild },
    withConfig: { value: copied("withConfig") },
    ...(typeof client.bindTools === "function" && { bindTools: { value: copied("bindTools") } }),
    _generate: { value: whole },
    ...(isStreaming(client) && { _streamResponseChunks: { value: pieces } }),
  });
  listened.add(view);
  return view;
}

/** Clients that write down their calls. */
const listened = new WeakSet<object>();

/** Returns true for a client that streams by itself; LangChain's own method throws. */
function isStreaming(client: Client): boolean {
  return !String(client._streamResponseChunks).includes("Not implemented");
}

const isAborted = (options: object) => (options as { readonly signal?: AbortSignal }).signal?.aborted === true;
