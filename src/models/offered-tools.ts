import type { Runnable } from "@langchain/core/runnables";
import { isBinding } from "./client.js";
import type { ResolvedModel } from "./resolve.js";
import { modelsIn } from "./shared-profile.js";

/** Fields in which clients store bound tools. */
interface Binding {
  readonly tools?: unknown;
  readonly kwargs?: Binding;
  readonly config?: Binding;
  readonly defaultOptions?: Binding;
  readonly modelKwargs?: Binding;
}

/**
 * Collects the names of the tools bound to a model, or to the models of a pattern.
 *
 * @returns `undefined` if they are unknown, as for agents and foreign graphs
 */
export function ownTools({ kind, runnable, subgraph }: ResolvedModel): ReadonlySet<string> | undefined {
  if (kind === "chat") return boundTools(runnable);
  if (kind === "opaque" || subgraph === undefined) return undefined;
  const names = new Set<string>();
  for (const model of modelsIn(subgraph)) {
    const own = model && ownTools(model);
    if (own === undefined) return undefined;
    for (const name of own) names.add(name);
  }
  return names;
}

function boundTools(runnable: Runnable): ReadonlySet<string> | undefined {
  const { kwargs, config, defaultOptions, modelKwargs } = runnable as Runnable & Binding;
  const lists = [kwargs, config, defaultOptions, modelKwargs].flatMap((holder) => holder?.tools ?? []);
  const names = new Set<string>();
  for (const tool of lists) {
    const found = toolNames(tool);
    if (found === undefined) return undefined;
    for (const name of found) names.add(name);
  }
  const inner = isBinding(runnable) ? boundTools(runnable.bound as Runnable) : new Set<string>();
  return inner && new Set([...names, ...inner]);
}

/** Reads the names of one tool in any provider's format; empty for tools that run at the provider. */
export function toolNames(tool: unknown): readonly string[] | undefined {
  const {
    name,
    function: called,
    functionDeclarations,
    type,
    toolSpec,
  } = Object(tool) as {
    readonly name?: unknown;
    readonly function?: { readonly name?: unknown };
    readonly functionDeclarations?: readonly { readonly name?: unknown }[];
    readonly type?: unknown;
    readonly toolSpec?: { readonly name?: unknown };
  };
  const named = [name, called?.name, toolSpec?.name, ...(functionDeclarations ?? []).map((each) => each?.name)];
  const names = named.filter((each): each is string => typeof each === "string" && each !== "");
  if (names.length > 0) return names;
  return typeof type === "string" && type !== "function" ? [] : undefined;
}
