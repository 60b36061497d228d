import type { Attributes } from "@opentelemetry/api";
import type { Decision } from "../../state/decision.js";
import { own } from "./names.js";

/** Names of the spans of nodes that decide. */
const tasks: Readonly<Record<string, string>> = {
  router: "routing_decision",
  verifier: "verification",
  aggregator: "result_aggregation",
};

/** Returns the span name of a node that decided; `undefined` for a model, whose span keeps its name. */
export function taskOf({ node }: Decision): string | undefined {
  return tasks[node.slice(node.lastIndexOf("/") + 1)];
}

/** Returns the attributes of a decision, numbered among those of its node. */
export function decisionAttributes(decision: Decision, index: number): Attributes {
  const { node: _node, scores = {}, ...facts } = decision;
  const prefix = `${own.decisions}.${index}`;
  const numbered = (entries: object, at: string) =>
    Object.entries(entries).map(([key, value]) => [`${at}.${key}`, value]);
  return Object.fromEntries([...numbered(facts, prefix), ...numbered(scores, `${prefix}.scores`)]);
}
