import { inTime, type Reservation, type Store } from "./store.js";

type Place = Pick<Reservation, "id" | "key" | "windowMs">;

interface Unsettled {
  readonly place: Place;
  readonly spent: number;
  /** Unix time in ms at which its window ends. */
  readonly until: number;
}

/** Windows of a budget in a store that may be down: what could not be settled is settled when the store replies again. */
export class SharedWindow {
  #unsettled: Unsettled[] = [];
  /** Amounts by window that were spent without the store. */
  readonly #spentAlone = new Map<string, Unsettled>();

  constructor(private readonly store: Store) {}

  /** Reserves an amount; `undefined` if the store is down or slow. A reservation that is granted too late is given back. */
  async reserve(reservation: Reservation): Promise<{ readonly granted: boolean; readonly used: number } | undefined> {
    let isLate = false;
    this.#reportSpent(reservation.key); // sent first, so that the reservation is weighed against it
    const reply = await inTime(this.store, async () => {
      const reserved = await this.store.reserve(reservation);
      if (isLate && reserved.granted) this.settleLater(reservation, 0);
      this.#settleRest();
      return reserved;
    });
    isLate = reply === undefined;
    return reply;
  }

  /**
   * Ends the lease of a reservation; one whose process dies from now on counts.
   *
   * @param inLease true if its lease cannot be over, so that the call need not wait for the store
   * @returns false unless the store says that the reservation was still there
   */
  begin(place: Place, inLease: boolean): Promise<boolean> | undefined {
    const begun = inTime(this.store, () => this.store.begin?.(place) ?? true);
    return inLease ? undefined : begun.then((held) => held === true);
  }

  async settle(place: Place, spent: number): Promise<void> {
    await inTime(this.store, () => this.#settle(place, spent));
  }

  /** Settles as soon as the store grants something. */
  settleLater(place: Place, spent: number): void {
    this.#unsettled.push({ place, spent, until: Date.now() + place.windowMs });
  }

  async #settle(place: Place, spent: number): Promise<void> {
    try {
      await this.store.settle(place, spent);
    } catch {
      this.settleLater(place, spent);
    }
  }

  /** Counts what was spent without the store; it learns of it before it grants anything. */
  spendAlone(place: Place, spent: number): void {
    const before = this.#spentAlone.get(place.key)?.spent ?? 0;
    this.#spentAlone.set(place.key, { place, spent: before + spent, until: Date.now() + place.windowMs });
  }

  #reportSpent(key: string): void {
    const alone = this.#spentAlone.get(key);
    if (alone === undefined) return;
    this.#spentAlone.delete(key);
    const { place, spent } = alone;
    const failed = () => this.spendAlone(place, spent);
    void inTime(this.store, async () => Promise.resolve(this.store.settle(place, spent)).catch(failed));
  }

  #settleRest(): void {
    const rest = this.#unsettled;
    this.#unsettled = [];
    for (const { place, spent, until } of rest) if (until > Date.now()) void this.#settle(place, spent);
  }
}
