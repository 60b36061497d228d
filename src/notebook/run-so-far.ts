import { Overwrite } from "@langchain/langgraph";
import { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** Progress of a run: completed nodes, decisions and model calls. */
export class RunSoFar {
  readonly visited: string[] = [];
  readonly ledger = new Ledger();
  /** Decisions reported by nodes of a nested graph, by its id; the graph reports them again when it ends. */
  readonly #reported = new Map<string, string[]>();

  /** Records the update of a node. `prefix` names its graph: "" or `outer:`. */
  ended(prefix: string, name: string, update: unknown): void {
    this.visited.push(prefix + name);
    this.record(prefix, update, this.#reported.get(prefix + name));
  }

  /** Records decisions and calls; skips each decision in `reported` once, because it is already recorded. */
  record(prefix: string, written: unknown, reported: string[] = []): void {
    const { decisions, calls } = (written ?? {}) as Readonly<Record<string, unknown>>;
    for (const decision of listOf(decisions).filter(isDecision)) {
      const text = JSON.stringify(decision);
      const known = reported.indexOf(text);
      if (known === -1) this.ledger.decide(decision);
      else reported.splice(known, 1);
      if (prefix !== "") this.#report(prefix.slice(0, -1), text);
    }
    for (const call of listOf(calls).filter(isCall)) this.ledger.note(call);
  }

  #report(outer: string, text: string): void {
    this.#reported.set(outer, [...(this.#reported.get(outer) ?? []), text]);
  }
}

/** Reads a list that was appended or replaced; foreign graphs may store other values under this name. */
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
