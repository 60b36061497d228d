import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { Failure } from "../../src/errors/index.js";
import type { ModelEntry } from "../../src/models/model.js";
import { resolve } from "../../src/models/resolve.js";
import type { OrchestrationState } from "../../src/state/orchestration-state.js";
import { saying } from "../support/fakes.js";

/** The state of a run that has begun. */
export function stateOf(more: Partial<OrchestrationState> = {}): OrchestrationState {
  const lists = { candidates: [], outputs: [], calls: [], decisions: [], failures: [] };
  return {
    messages: [new HumanMessage("Hi")],
    confidence: null,
    turnId: "turn",
    ...lists,
    ...more,
  } as OrchestrationState;
}

/** A model as a walk knows it, with a client of its own unless one is given. */
export function tierOf(name: string, entry: Partial<ModelEntry> = {}, visits = 1) {
  return { name, model: resolve({ model: saying(name), ...entry }), visits };
}

export const failed = (name: string, kind: Failure["class"] = "server"): Failure => ({
  name,
  class: kind,
  message: kind,
});

export const candidate = (name: string, score?: number) => ({
  name,
  message: new AIMessage(`of ${name}`),
  ...(score === undefined ? {} : { verdict: { pass: false, score } }),
});
