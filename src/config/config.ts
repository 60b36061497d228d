import type { ConfigProblem } from "../errors/index.js";
import type { ModelEntry, PatternGraph } from "../index.js";
import type { ConfigFile, McpServer } from "./config-file.js";
import type { Arm } from "./rows/place.js";
import type { Environment } from "./text/interpolate.js";

/** A configuration, loaded: clients are made, graphs are built and not yet compiled. */
export interface Config {
  readonly file: string;
  /** Clients with their parameters set, and what is known about them. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly graphs: Readonly<Record<string, PatternGraph>>;
  /** The model or graph that answers where nobody names one. */
  readonly defaultModel: string | undefined;
  /** System prompts by name. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  /** Names of the servers whose tools a model may call. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** Names of the models each graph is made of, those of graphs within it included. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** The graphs again, with other entries for the models that answer in them: what `withTools` does. */
  readonly graphsOf: (arm: Arm) => Readonly<Record<string, PatternGraph>>;
  /** Models by tier. */
  readonly tiers: Readonly<Record<string, ModelEntry>>;
  /** Models by what an application calls them, with the role's own parameters. */
  readonly roles: Readonly<Record<string, ModelEntry>>;
  /** Settings recommended for a kind of task. */
  readonly tasks: NonNullable<ConfigFile["tasks"]>;
  /** Models in the order they are tried; `graphs.fallback` tries them. */
  readonly fallback: readonly string[];
  /** What a file of another system says and cannot be passed on: left out. None for a file in our own format. */
  readonly warnings: readonly ConfigProblem[];
}

/** Options of `loadConfig`. */
export interface LoadOptions {
  /** Where variables come from. @default `process.env` */
  readonly env?: Environment;
  /**
   * Whether keys may be missing: the models cannot be asked then, but listed and drawn.
   * @default false
   */
  readonly keyless?: boolean;
}
