import type { Decision } from "../state/decision.js";
import type { ModelCall } from "./model-call.js";

/** Calls and decisions, in the order they began. */
export interface LedgerEntries {
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
}

/**
 * Calls and decisions of a run, or of a part of it. Calls are unique by id; decisions by object identity, since two equal decisions may
 * both have been made.
 */
export class Ledger implements LedgerEntries {
  readonly calls: ModelCall[] = [];
  readonly decisions: Decision[] = [];
  readonly #ids = new Set<string>();
  readonly #decided = new Set<Decision>();

  /** Joins ledgers; the last version of a call wins. */
  static of(...parts: readonly LedgerEntries[]): Ledger {
    const ledger = new Ledger();
    for (const { calls } of parts) for (const call of calls) ledger.#set(call);
    for (const { decisions } of parts) for (const decision of decisions) ledger.decide(decision);
    return ledger;
  }

  /** Adds a call, unless it is already present. */
  note(call: ModelCall): void {
    if (this.#ids.has(call.id)) return;
    this.#ids.add(call.id);
    this.calls.push(call);
  }

  /** Adds a decision. */
  decide(decision: Decision): void {
    if (this.#decided.has(decision)) return;
    this.#decided.add(decision);
    this.decisions.push(decision);
  }

  /** Adds missing entries of another ledger. */
  merge({ calls, decisions }: LedgerEntries): void {
    for (const call of calls) this.note(call);
    for (const decision of decisions) this.decide(decision);
  }

  /** Removes a call that an interrupt paused. */
  takeBack({ id }: ModelCall): void {
    if (this.#ids.delete(id)) this.calls.splice(this.#indexOf(id), 1);
  }

  /** Returns the entries that an earlier ledger lacks. */
  since(earlier: LedgerEntries): LedgerEntries {
    const known = new Set(earlier.calls.map(({ id }) => id));
    const decided = new Set(earlier.decisions);
    return {
      calls: this.calls.filter(({ id }) => !known.has(id)),
      decisions: this.decisions.filter((decision) => !decided.has(decision)),
    };
  }

  #set(call: ModelCall): void {
    if (this.#ids.has(call.id)) this.calls[this.#indexOf(call.id)] = call;
    else this.note(call);
  }

  #indexOf(id: string): number {
    return this.calls.findIndex((call) => call.id === id);
  }
}
