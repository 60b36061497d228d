import type { BaseMessage } from "@langchain/core/messages";
import { sharedInput, sharedKeys } from "../langgraph/shared-state.js";
import type { ResolvedModel } from "../models/resolve.js";
import { isSame } from "../text/is-same.js";
import type { Scope } from "./scope.js";

type Below = Pick<ResolvedModel, "runnable" | "kind">;

/** Input of a graph that runs as a model: the messages, and the own keys that both states have. */
export function inputBelow({ runnable, kind }: Below, messages: BaseMessage[], { state }: Scope) {
  return { messages, ...sharedInput(runnable, state, kind === "pattern") };
}

/** Notes which of the shared keys a graph below changed: the node writes them to the state around. */
export function noteChanges({ runnable }: Below, { own, state, changed }: Scope, below: object): void {
  const after = below as Readonly<Record<string, unknown>>;
  for (const key of sharedKeys(runnable, own)) {
    if (after[key] !== undefined && !isSame(after[key], state[key])) changed[key] = after[key];
  }
}
