/** A list that keeps none of its objects alive; always empty in a runtime without `WeakRef`. */
export class WeakList<Item extends object> {
  #refs: WeakRef<Item>[] = [];
  #crowded = 100;

  add(item: Item): void {
    if (globalThis.WeakRef === undefined) return;
    if (this.#refs.length >= this.#crowded) {
      this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined);
      this.#crowded = Math.max(100, 2 * this.#refs.length);
    }
    this.#refs.push(new WeakRef(item));
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const ref of this.#refs) {
      const item = ref.deref();
      if (item !== undefined) yield item;
    }
  }
}
