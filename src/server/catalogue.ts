import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { InvalidOptionError } from "../errors.js";
import { asChatModel } from "../models/chat-model.js";
import type { MessagesGraph, MessagesGraphBuilder, Model, ModelEntry, ModelParameters } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { createFallback } from "../patterns/create-fallback.js";
import type { AppOptions } from "./app-options.js";

/** What `model` of a request may name. */
export interface Served {
  readonly name: string;
  readonly description: string | undefined;
  /** The chat model for a request, with the sampling settings it asks for. */
  chatModel(parameters: ModelParameters): BaseChatModel;
  /** False for a graph, whose models have settings of their own. */
  readonly takesParameters: boolean;
}

/** Variants of one model that are kept: each set of sampling settings needs a client of its own. */
const most = 64;

/**
 * Everything that is served, by name; the default first.
 *
 * @throws {InvalidOptionError} when there is nothing, two things have one name, or the default is none of them
 */
export function catalogueOf({ models = {}, graphs = {}, defaultModel }: AppOptions): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>();
  for (const [name, graph] of Object.entries(graphs)) served.set(name, servedGraph(name, graph));
  for (const [name, model] of Object.entries(models)) {
    if (served.has(name)) {
      const expected = "a graph has that name; names are what requests choose by";
      throw new InvalidOptionError(`createApp.models.${name}`, model, expected);
    }
    served.set(name, servedModel(name, model));
  }
  if (served.size === 0) {
    throw new InvalidOptionError("createApp", { models, graphs }, "give at least one model or graph");
  }
  if (defaultModel === undefined) return served;
  const first = served.get(defaultModel);
  if (first === undefined) {
    const names = [...served.keys()].join(", ");
    throw new InvalidOptionError("createApp.defaultModel", defaultModel, `name one of ${names}`);
  }
  return new Map([[defaultModel, first], ...served]);
}

function servedGraph(name: string, graph: MessagesGraph | MessagesGraphBuilder): Served {
  const chat = asChatModel(graph, { name });
  return { name, description: undefined, takesParameters: false, chatModel: () => chat };
}

/** One model alone is a chain of one: it is retried, limited and billed like any other. */
function servedModel(name: string, given: Model | ModelEntry): Served {
  const { entry, kind } = resolve(given, `createApp.models.${name}`);
  const node = nodeName(name);
  const build = (variant: ModelEntry) => asChatModel(createFallback({ models: { [node]: variant } }), { name });
  const plain = build(entry);
  const variants = new Map<string, BaseChatModel>();
  return {
    name,
    description: entry.description,
    takesParameters: kind === "chat",
    chatModel(parameters) {
      if (Object.keys(parameters).length === 0) return plain;
      const key = JSON.stringify(parameters);
      const chat = variants.get(key) ?? build({ ...entry, parameters: { ...entry.parameters, ...parameters } });
      variants.delete(key);
      variants.set(key, chat); // the newest last
      if (variants.size > most) variants.delete(variants.keys().next().value!);
      return chat;
    },
  };
}

/** Names are what requests say, `llama3.2:3b` too; those of nodes have fewer characters. */
function nodeName(name: string): string {
  const plain = name.replace(/[^\w.-]/g, "-");
  return /^[A-Za-z]/.test(plain) ? plain : `model-${plain}`;
}
