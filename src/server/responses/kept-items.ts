/** An item of a reply. */
export interface OutputItem {
  readonly type: string;
  readonly id: string;
}

/**
 * Latest items of replies, within a number of characters: the AI SDK's provider of OpenAI refers to what it was answered by id.
 * Forgotten with the process, and known to the caller they were sent to only.
 */
export class KeptItems {
  readonly #items = new Map<string, { readonly item: OutputItem; readonly size: number }>();
  #size = 0;

  /** @param most characters that are kept */
  constructor(private readonly most = 16 * 2 ** 20) {}

  add(caller: string, items: readonly OutputItem[]): void {
    for (const item of items) {
      const size = JSON.stringify(item).length;
      this.#items.set(keyOf(caller, item.id), { item, size });
      this.#size += size;
    }
    for (const [key, { size }] of this.#items) {
      if (this.#size <= this.most) return;
      this.#items.delete(key);
      this.#size -= size;
    }
  }

  get(caller: string, id: string): OutputItem | undefined {
    return this.#items.get(keyOf(caller, id))?.item;
  }
}

const keyOf = (caller: string, id: string) => `${caller}/${id}`;
