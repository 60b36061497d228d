import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { ConfigProblem } from "../errors/index.js";
import type { ModelEntry, PatternGraph, Store } from "../index.js";
import type { McpServer } from "./mcp-server.js";
import type { AddTools } from "./rows/place.js";
import type { Task } from "./task.js";
import type { Environment } from "./text/interpolate.js";

/** A loaded configuration, with its clients and uncompiled graphs. */
export interface Config {
  readonly file: string;
  /** Clients with their parameters and known facts, by name. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly graphs: Readonly<Record<string, PatternGraph>>;
  /** Client of the file's `embeddings`; `undefined` if it has none. */
  readonly embeddings: EmbeddingsInterface | undefined;
  /** Name of the model or graph that answers a request that names neither. */
  readonly defaultModel: string | undefined;
  /** System prompts by name. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  /** Names of the servers whose tools each model may call. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** Names of the models in each graph, including those of nested graphs. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Rebuilds the graphs with other entries for the models that answer in them; `withTools` uses it. */
  readonly graphsOf: (addTools: AddTools) => Readonly<Record<string, PatternGraph>>;
  /** Models by tier. */
  readonly tiers: Readonly<Record<string, ModelEntry>>;
  /** Models by an application's own name for them, with the role's parameters. */
  readonly roles: Readonly<Record<string, ModelEntry>>;
  /** Settings by task; the parameters are in the entries of `models` too. */
  readonly tasks: Readonly<Record<string, Task>>;
  /** Words a run's `task` may be: keys of `tasks`, and rows of the file's tables. */
  readonly taskNames: readonly string[];
  /** Names of models in the order `graphs.fallback` tries them. */
  readonly fallback: readonly string[];
  /** Settings of another system's file that were dropped, and what embeddings or a client of a pool lack. */
  readonly warnings: readonly ConfigProblem[];
  /** Models that cannot be called here, by name, with the key, package or variable each lacks; a call of one throws these. */
  readonly unavailable: Readonly<Record<string, readonly ConfigProblem[]>>;
}

/** Options of `loadConfig`. */
export interface LoadOptions {
  /** Values of the file's variables. @default `process.env` */
  readonly env?: Environment;
  /** Whether keys may be missing: models can then be listed and drawn, but not called. @default false */
  readonly keyless?: boolean;
  /** Shares the file's budgets and limits per minute between processes: `redisStore(client)`. @default this process alone */
  readonly store?: Store;
  /** Replaces the models of the file before graphs are built of them, as `record` and `replayModels` do. @default none */
  readonly change?: (models: Readonly<Record<string, ModelEntry>>) => Readonly<Record<string, ModelEntry>>;
}
