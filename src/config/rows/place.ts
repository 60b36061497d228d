import type { ModelEntry } from "../../index.js";
import type { Parameters } from "../models/parameters.js";
import type { Path } from "../text/read-document.js";

/** Makes another entry of that of a model: one with tools. */
export type Arm = (name: string, entry: ModelEntry) => ModelEntry;

/** An entry with the settings of a stage on top of its own. */
export type Variant = (
  name: string,
  entry: ModelEntry,
  settings: {
    readonly systemPrompt?: string | undefined;
    readonly prompt?: string | undefined;
    readonly parameters?: Parameters | undefined;
  },
) => ModelEntry;

/** What a part of a graph is built of, and where it stands in the graph's spec. */
export interface Place {
  /** Finds a model or graph by the name a file gives it. */
  readonly find: (name: string) => ModelEntry;
  readonly variant: Variant;
  /** Gives a model that answers its tools; one that judges, routes or sums up fills a form, and has none. */
  readonly arm: Arm;
  readonly path: Path;
}

export const within = (place: Place, key: string | number): Place => ({ ...place, path: [...place.path, key] });

/** A name in a spec, where it stands, and what must have that name. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
  readonly of: "model or graph" | "model" | "tier or model" | "node" | "complexity" | "prompt" | "MCP server";
}

/** References as they stand below another place. */
export const below = (path: Path, references: readonly Reference[]): readonly Reference[] =>
  references.map((each) => ({ ...each, path: [...path, ...each.path] }));
