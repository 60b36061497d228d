import type { ModelCall } from "../../ledger/model-call.js";
import { keyWithin } from "./bounded-map.js";
import { noCalls, type Sums, withCall } from "./sums.js";

/** Most models that are listed by name. */
const most = 100;

/** Costs of the current day in UTC, as budgets count it: by model and by the caller's key. */
export class Spend {
  #day = dayOf(Date.now());
  #total = noCalls;
  readonly #models = new Map<string, Sums>();
  readonly #callers = new Map<string, Sums>();

  add(caller: string, call: Readonly<ModelCall>): void {
    this.#turn();
    const model = keyWithin(this.#models, call.model, most);
    this.#models.set(model, withCall(this.#models.get(model) ?? noCalls, call));
    this.#callers.set(caller, withCall(this.#callers.get(caller) ?? noCalls, call));
    this.#total = withCall(this.#total, call);
  }

  get total(): Sums {
    this.#turn();
    return this.#total;
  }

  /** Sums by model, the dearest first. */
  get models(): readonly (readonly [string, Sums])[] {
    this.#turn();
    return [...this.#models].sort(([, one], [, other]) => other.costUsd - one.costUsd || other.calls - one.calls);
  }

  /** Sums by the key of the caller, in order of their positions. */
  get callers(): readonly (readonly [string, Sums])[] {
    this.#turn();
    return [...this.#callers].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
  }

  #turn(): void {
    const day = dayOf(Date.now());
    if (day === this.#day) return;
    this.#day = day;
    this.#total = noCalls;
    this.#models.clear();
    this.#callers.clear();
  }
}

const dayOf = (time: number) => Math.floor(time / 86_400_000);
