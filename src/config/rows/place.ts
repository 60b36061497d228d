import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { ModelEntry } from "../../index.js";
import type { Budget } from "../../ledger/purse.js";
import type { Parameters } from "../models/parameters.js";
import type { Path } from "../text/read-document.js";
import type { BudgetSpec } from "./budget-spec.js";

/** Returns a model's entry with its tools. */
export type AddTools = (name: string, entry: ModelEntry) => ModelEntry;

/** Returns an entry with the settings of a stage over its own. */
export type WithSettings = (
  name: string,
  entry: ModelEntry,
  settings: {
    readonly systemPrompt?: string | undefined;
    readonly prompt?: string | undefined;
    readonly parameters?: Parameters | undefined;
  },
) => ModelEntry;

/** A part of a graph's spec that is being built: its path, and the means to build it. */
export interface Place {
  /** Finds a model or graph by its name in the file. */
  readonly find: (name: string) => ModelEntry;
  readonly withSettings: WithSettings;
  /** Adds tools to a model that answers, not to one that judges, routes or sums up. */
  readonly addTools: AddTools;
  /** Embeddings of the file; `undefined` if it has none. */
  readonly embeddings: EmbeddingsInterface | undefined;
  /** Tasks of the file. */
  readonly tasks: Readonly<Record<string, { readonly complexity?: string | undefined }>>;
  /** Makes the budget of the graph. */
  readonly budgetOf: (spec: BudgetSpec) => Budget;
  /** Folder of the file, from which it names others. */
  readonly folder: string;
  readonly path: Path;
}

export const within = (place: Place, key: string | number): Place => ({ ...place, path: [...place.path, key] });

/** A name in a spec, its path, and the kind of thing it must name. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
  readonly of: "model or graph" | "model" | "tier or model" | "node" | "complexity" | "prompt" | "MCP server";
}
