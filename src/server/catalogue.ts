import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { asChatModel } from "../chat-model/as-chat-model.js";
import { InvalidOptionError } from "../errors/index.js";
import { withSettings } from "../models/caller-settings.js";
import type { Client } from "../models/client-kind.js";
import { kindOf } from "../models/client-kinds.js";
import type { MessagesGraph, MessagesGraphBuilder, Model, ModelEntry, ModelParameters } from "../models/model.js";
import { type ResolvedModel, resolve } from "../models/resolve.js";
import { createFallback } from "../patterns/create-fallback.js";
import { redact } from "../secrets/redact.js";
import type { AppOptions } from "./app-options.js";
import { errorReply, RequestError } from "./request-error.js";

/** What `model` of a request may name. */
export interface Served {
  readonly name: string;
  readonly description: string | undefined;
  /** `chat` is a model alone, which takes settings; the models of a `pattern` are given tools; an `opaque` graph has its own. */
  readonly kind: ResolvedModel["kind"];
  /** True where the client of a model alone takes instructions at the beginning only, and images as data only. */
  readonly plainMessages: boolean;
  /** True where nothing takes a JSON mode or a switch for parallel calls. */
  readonly deaf: boolean;
  readonly chatModel: BaseChatModel;
  /** Of these settings, those a model alone has not; of a graph's models it is known once they were asked. */
  unknownSettings(parameters: ModelParameters): readonly string[];
  /** A path of its runs, as `model` names it. */
  servedPath(path: string): string;
}

/** Everything that is served, by name; the default first. */
export type Catalogue = ReadonlyMap<string, Served>;

/**
 * Everything that is served, by name; the default first.
 *
 * @throws {InvalidOptionError} when there is nothing, two things have one name, the default is none of them, or a graph keeps threads
 */
export function catalogueOf({ models = {}, graphs = {}, defaultModel }: AppOptions): Catalogue {
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

/**
 * What a request names.
 *
 * @throws {RequestError} when there is no such thing
 */
export function chosenFrom(served: Catalogue, name: string | null | undefined): Served {
  const found = served.get(name ?? served.keys().next().value!);
  if (found !== undefined) return found;
  const names = [...served.keys()].map((each) => `"${each}"`).join(", ");
  throw new RequestError(
    errorReply(404, `There is no model "${redact(name!)}"; there are ${names}`, {
      param: "model",
      code: "model_not_found",
    }),
  );
}

function servedGraph(name: string, graph: MessagesGraph | MessagesGraphBuilder): Served {
  const chat = asChatModel(graph, { name });
  const { kind, subgraph } = resolve(graph, `createApp.graphs.${name}`);
  checkThreadless(subgraph, `createApp.graphs.${name}`);
  return {
    ...{ name, kind, description: undefined, plainMessages: false, deaf: kind === "opaque" },
    chatModel: chat,
    unknownSettings: () => [],
    servedPath: (path) => path,
  };
}

/** One model alone is a chain of one: it is retried, limited and billed like any other. */
function servedModel(name: string, given: Model | ModelEntry): Served {
  const resolved = resolve(given, `createApp.models.${name}`);
  const { entry, kind, client, subgraph } = resolved;
  checkThreadless(subgraph, `createApp.models.${name}`);
  const { plainMessages = false, takesSwitches = true } = kindOf(client as Client) ?? {};
  const node = nodeName(name);
  return {
    ...{ name, kind, description: entry.description, plainMessages, deaf: kind === "opaque" || !takesSwitches },
    chatModel: asChatModel(createFallback({ models: { [node]: entry } }), { name }),
    unknownSettings: (parameters) => (kind === "chat" ? withSettings(resolved, parameters).unknown : []),
    servedPath: (path) => (path === node || path.startsWith(`${node}/`) ? `${name}${path.slice(node.length)}` : path),
  };
}

/** Refuses a graph that keeps threads: requests name none, so each of its runs would fail. */
function checkThreadless(graph: object | undefined, option: string): void {
  const { checkpointer } = (graph ?? {}) as { readonly checkpointer?: unknown };
  if (!checkpointer) return;
  const expected = "compile it without a checkpointer: every request brings its whole conversation";
  throw new InvalidOptionError(option, graph, expected);
}

/** Names are what requests say, `llama3.2:3b` too; those of nodes have fewer characters. */
function nodeName(name: string): string {
  const plain = name.replace(/[^\w.-]/g, "-");
  return /^[A-Za-z]/.test(plain) ? plain : `model-${plain}`;
}
