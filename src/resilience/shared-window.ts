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

  constructor(private readonly store: Store) {}

  /** Reserves an amount; `undefined` if the store is down or slow. A reservation that is granted too late is given back. */
  async reserve(reservation: Reservation): Promise<{ readonly granted: boolean; readonly used: number } | undefined> {
    let isLate = false;
    const reply = await inTime(this.store, async () => {
      const reserved = await this.store.reserve(reservation);
      if (isLate && reserved.granted) this.settleLater(reservation, 0);
      this.#settleRest();
      return reserved;
    });
    isLate = reply === undefined;
    return reply;
  }

  /** Ends the lease of a reservation without waiting for the store; one whose process dies from now on counts. */
  begin(place: Place): void {
    void inTime(this.store, () => this.store.begin?.(place));
  }

  async settle(place: Place, spent: number): Promise<void> {
    await inTime(this.store, () => this.#settle(place, spent));
  }

  /** Settles as soon as the store replies to something. */
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

  #settleRest(): void {
    const rest = this.#unsettled;
    this.#unsettled = [];
    for (const { place, spent, until } of rest) if (until > Date.now()) void this.#settle(place, spent);
  }
}
