import type { Decision } from "../state/decision.js";
import type { ModelCall } from "./model-call.js";

/** Calls and decisions, in the order they began. */
export interface LedgerEntries {
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
}

/**
 * What a run, or a part of it, called and decided so far. A call counts once, by its id, whichever way it is handed up; a decision
 * counts once as an object, since two equal ones may both have been made.
 *
 * **When to use** - everywhere calls are collected: nodes, nested runs, chat models, errors, opaque models, notebooks.
 */
export class Ledger implements LedgerEntries {
  readonly calls: ModelCall[] = [];
  readonly decisions: Decision[] = [];
  readonly #ids = new Set<string>();

  /** Joins ledgers; of a call that is in several of them, the latest version counts. */
  static of(...parts: readonly LedgerEntries[]): Ledger {
    const ledger = new Ledger();
    for (const { calls } of parts) for (const call of calls) ledger.#set(call);
    for (const { decisions } of parts) for (const decision of decisions) ledger.decide(decision);
    return ledger;
  }

  /** Adds a call. */
  note(call: ModelCall): void {
    if (this.#ids.has(call.id)) return;
    this.#ids.add(call.id);
    this.calls.push(call);
  }

  /** Adds a decision. */
  decide(decision: Decision): void {
    if (!this.decisions.includes(decision)) this.decisions.push(decision);
  }

  /** Adds what another ledger has and this one lacks. */
  merge({ calls, decisions }: LedgerEntries): void {
    for (const call of calls) this.note(call);
    for (const decision of decisions) this.decide(decision);
  }

  /** Removes a call that was not one after all: an interrupt paused it. */
  takeBack({ id }: ModelCall): void {
    if (this.#ids.delete(id))
      this.calls.splice(
        this.calls.findIndex((call) => call.id === id),
        1,
      );
  }

  /** Returns what is here and not in an earlier ledger. */
  since(earlier: LedgerEntries): LedgerEntries {
    const known = new Set(earlier.calls.map(({ id }) => id));
    return {
      calls: this.calls.filter(({ id }) => !known.has(id)),
      decisions: this.decisions.filter((decision) => !earlier.decisions.includes(decision)),
    };
  }

  #set(call: ModelCall): void {
    if (this.#ids.has(call.id))
      this.calls.splice(
        this.calls.findIndex(({ id }) => id === call.id),
        1,
        call,
      );
    else this.note(call);
  }
}
