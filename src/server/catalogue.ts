import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { InvalidOptionError } from "../errors.js";
import { asChatModel } from "../models/chat-model.js";
import type {
  MessagesGraph,
  MessagesGraphBuilder,
  Model,
  ModelEntry,
  ModelParameters,
  Models,
} from "../models/model.js";
import { createFallback } from "../patterns/create-fallback.js";

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
 * Everything that is served, by name.
 *
 * @throws {InvalidOptionError} when nothing is, or two things have one name
 */
export function catalogueOf(
  models: Models,
  graphs: Readonly<Record<string, MessagesGraph | MessagesGraphBuilder>>,
): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>();
  for (const [name, model] of Object.entries(models)) served.set(name, servedModel(name, model));
  for (const [name, graph] of Object.entries(graphs)) {
    if (served.has(name)) {
      throw new InvalidOptionError(
        `createApp.graphs.${name}`,
        graph,
        "a model has that name; names are what requests choose by",
      );
    }
    const chat = asChatModel(graph, { name });
    served.set(name, { name, description: undefined, takesParameters: false, chatModel: () => chat });
  }
  if (served.size > 0) return served;
  throw new InvalidOptionError("createApp", undefined, "give at least one of models and graphs");
}

/** One model alone is a chain of one: it is retried, limited and billed like any other. */
function servedModel(name: string, given: Model | ModelEntry): Served {
  const entry = isEntry(given) ? given : { model: given };
  const build = (variant: ModelEntry) => asChatModel(createFallback({ models: { [name]: variant } }), { name });
  const plain = build(entry);
  const variants = new Map<string, BaseChatModel>();
  return {
    name,
    description: entry.description,
    takesParameters: true,
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

function isEntry(given: Model | ModelEntry): given is ModelEntry {
  return "model" in given && typeof given.model === "object";
}
