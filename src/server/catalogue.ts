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
import type { AppOptions, ReplyStream } from "./app-options.js";
import { errorReply, RequestError } from "./request-error.js";

/** One model or graph that requests can name. */
export interface Served {
  readonly name: string;
  readonly description: string | undefined;
  /** `chat`: one model, which accepts settings. `pattern`: its models accept tools. `opaque`: a graph with tools of its own. */
  readonly kind: ResolvedModel["kind"];
  /** True where the client of a single model accepts instructions at the beginning only, and images as data only. */
  readonly plainMessages: boolean;
  /** True when the client has neither a JSON mode nor a switch for parallel calls. */
  readonly textOnly: boolean;
  /** A pattern to draw and to run step by step: the graph itself, or a fallback chain of one around a model or a foreign graph. */
  readonly graph: Pattern;
  /** The graph or model as a chat model, by how its streams come. */
  readonly chatModels: Readonly<Record<ReplyStream, BaseChatModel>>;
  /** Returns the settings a single model does not support; a graph reports them after its models were called. */
  unknownSettings(parameters: ModelParameters): readonly string[];
  /** Translates a path of the run to names of `GET /v1/models`. */
  servedPath(path: string): string;
}

type Pattern = ReturnType<typeof createFallback> | MessagesGraph | MessagesGraphBuilder;

/** All models and graphs by name, the default first. */
export type Catalogue = ReadonlyMap<string, Served>;

/** @throws {InvalidOptionError} when it is empty, a name is used twice, the default is unknown, or a graph has a checkpointer */
export function catalogueOf({ models = {}, graphs = {}, defaultModel }: AppOptions): Catalogue {
  const served = new Map<string, Served>();
  for (const [name, graph] of Object.entries(graphs)) served.set(name, servedGraph(name, graph));
  for (const [name, model] of Object.entries(models)) {
    if (served.has(name)) {
      const expected = "a graph has the same name; rename one of them";
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

/** @throws {RequestError} when the name is unknown */
export function chosenFrom(served: Catalogue, name: string | null | undefined): Served {
  const found = served.get(name ?? served.keys().next().value!);
  if (found !== undefined) return found;
  const names = [...served.keys()].map((each) => `"${each}"`).join(", ");
  throw new RequestError(
    errorReply(404, `Unknown model "${redact(name!)}"; use one of ${names}`, {
      param: "model",
      code: "model_not_found",
    }),
  );
}

function servedGraph(name: string, graph: MessagesGraph | MessagesGraphBuilder): Served {
  const chatModels = chatModelsOf(graph, name);
  const { kind, subgraph } = resolve(graph, `createApp.graphs.${name}`);
  checkThreadless(subgraph, `createApp.graphs.${name}`);
  return {
    ...{ name, kind, description: undefined, plainMessages: false, textOnly: kind === "opaque" },
    graph: kind === "opaque" ? createFallback({ models: { [nodeName(name)]: graph } }) : graph,
    chatModels,
    unknownSettings: () => [],
    servedPath: (path) => path,
  };
}

/** Wraps a single model in a fallback chain of one, so that it gets retries, limits and a ledger. */
function servedModel(name: string, given: Model | ModelEntry): Served {
  const resolved = resolve(given, `createApp.models.${name}`);
  const { entry, kind, client, subgraph } = resolved;
  checkThreadless(subgraph, `createApp.models.${name}`);
  const { plainMessages = false, hasOpenaiOptions = true } = kindOf(client as Client) ?? {};
  const node = nodeName(name);
  const graph = createFallback({ models: { [node]: entry } });
  return {
    ...{ name, kind, description: entry.description, plainMessages, textOnly: kind === "opaque" || !hasOpenaiOptions },
    graph,
    chatModels: chatModelsOf(graph, name),
    unknownSettings: (parameters) => (kind === "chat" ? withSettings(resolved, parameters).unknown : []),
    servedPath: (path) => (path === node || path.startsWith(`${node}/`) ? `${name}${path.slice(node.length)}` : path),
  };
}

function chatModelsOf(graph: MessagesGraph | MessagesGraphBuilder, name: string): Served["chatModels"] {
  return { committed: asChatModel(graph, { name }), whole: asChatModel(graph, { name, stream: "whole" }) };
}

/** Throws for a graph with a checkpointer: requests carry no thread id, so each of its runs would fail. */
function checkThreadless(graph: object | undefined, option: string): void {
  const { checkpointer } = (graph ?? {}) as { readonly checkpointer?: unknown };
  if (!checkpointer) return;
  const expected = "compile it without a checkpointer: each request carries its whole conversation";
  throw new InvalidOptionError(option, graph, expected);
}

/** Makes a valid node name: served names such as `llama3.2:3b` contain characters that nodes cannot. */
function nodeName(name: string): string {
  const plain = name.replace(/[^\w.-]/g, "-");
  return /^[A-Za-z]/.test(plain) ? plain : `model-${plain}`;
}
