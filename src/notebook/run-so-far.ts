import { Overwrite } from "@langchain/langgraph";
import { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** Where a run is: what ended, what was decided and what was paid. */
export class RunSoFar {
  readonly visited: string[] = [];
  readonly ledger = new Ledger();
  /** By the id of a node that is a graph: decisions its nodes told of, which it will tell again when it ends. */
  readonly #told = new Map<string, string[]>();

  /** Takes down what a node wrote. `prefix` names the graph it is in: "" or `outer:`. */
  ended(prefix: string, name: string, update: unknown): void {
    this.visited.push(prefix + name);
    this.record(prefix, update, this.#told.get(prefix + name));
  }

  /** Takes down decisions and calls; each of `told`, which is used up, is known already. */
  record(prefix: string, written: unknown, told: string[] = []): void {
    const { decisions, calls } = (written ?? {}) as Readonly<Record<string, unknown>>;
    for (const decision of listOf(decisions).filter(isDecision)) {
      const text = JSON.stringify(decision);
      const known = told.indexOf(text);
      if (known === -1) this.ledger.decide(decision);
      else told.splice(known, 1);
      if (prefix !== "") this.#tell(prefix.slice(0, -1), text);
    }
    for (const call of listOf(calls).filter(isCall)) this.ledger.note(call);
  }

  #tell(outer: string, text: string): void {
    this.#told.set(outer, [...(this.#told.get(outer) ?? []), text]);
  }
}

/** The values of a list that was appended to or replaced; a foreign graph may have something else under the same name. */
function listOf(written: unknown): readonly unknown[] {
  const value = Overwrite.isInstance(written) ? written.value : written;
  return Array.isArray(value) ? value : [];
}

function isDecision(value: unknown): value is Decision {
  const { node, kind, chosen } = (value ?? {}) as Partial<Decision>;
  return [node, kind, chosen].every((text) => typeof text === "string");
}

function isCall(value: unknown): value is ModelCall {
  const { id, path, model } = (value ?? {}) as Partial<ModelCall>;
  return [id, path, model].every((text) => typeof text === "string");
}
