import type { RunnableConfig } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { hidingTag, withoutMessages } from "../langgraph/callbacks-below.js";
import { inNamespace } from "../langgraph/namespace.js";
import { stepLimit } from "../langgraph/step-limit.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { RunContext } from "../state/run-context.js";
import type { Scope } from "./scope.js";
import type { Showing } from "./showing.js";

interface Calling {
  readonly model: ResolvedModel;
  readonly scope: Scope;
  readonly showing: Showing;
  readonly signal: AbortSignal;
}

/** Returns the configuration for a call of a chat model. */
export function callConfig({ model, scope, showing, signal }: Calling): RunnableConfig {
  const { config, namespace } = scope;
  const context = config.context as RunContext | undefined;
  const metadata = {
    multimodel_entry: scope.node,
    ...((scope.nesting ?? scope.caller) === undefined && showing !== "draft" ? {} : { multimodel_path: scope.path }),
    ...(!context?.sessionId ? {} : { session_id: context.sessionId }),
    ...inNamespace(namespace),
  };
  const tags = [...(context?.tags ?? []), ...(model.entry.tags ?? []), ...(showing === "hidden" ? [hidingTag] : [])];
  return {
    signal,
    callbacks: config.callbacks,
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(tags.length > 0 ? { tags } : {}),
  };
}

/** Returns the whole configuration of the node, so that checkpoints, interrupts and context reach the nested graph. */
export function nestedConfig(calling: Calling): LangGraphRunnableConfig {
  const { runName: _node, ...config } = calling.scope.config as LangGraphRunnableConfig & RunnableConfig;
  const { tags = [], signal } = callConfig(calling);
  const { context, kind, runnable } = calling.model;
  const { config: own } = runnable as { readonly config?: RunnableConfig };
  return {
    ...config,
    tags: [...(config.tags ?? []), ...tags],
    signal,
    recursionLimit: kind === "pattern" ? undefined : (stepLimit(config) ?? own?.recursionLimit ?? 25), // a pattern sets its own limit
    ...(context === undefined ? {} : { context: { ...context, stream: undefined, ...config.context } }), // the outer run decides what streams
    ...(calling.showing === "hidden" ? { callbacks: withoutMessages(config.callbacks) } : {}),
  };
}
