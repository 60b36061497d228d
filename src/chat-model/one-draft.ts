import type { AIMessageChunk } from "@langchain/core/messages";

/**
 * Orders the chunks of a live run, where several drafts may be written at once: one is shown until it is discarded, the others are
 * held. A reader of a chat model expects one text at a time.
 */
export class OneDraft {
  private current: string | undefined;
  private readonly held = new Map<string, AIMessageChunk[]>();
  private readonly discarded = new Set<string>();

  /** Returns the chunks to show now. */
  add(chunk: AIMessageChunk): readonly AIMessageChunk[] {
    const { id } = chunk;
    if (id === undefined) return [chunk];
    if (this.discarded.has(id)) return [];
    this.current ??= id;
    if (id === this.current) return [chunk];
    this.held.set(id, [...(this.held.get(id) ?? []), chunk]);
    return [];
  }

  /** Drops a draft. If it was shown, the next one is, and its chunks so far are returned. */
  discard(id: string): readonly AIMessageChunk[] {
    this.discarded.add(id);
    this.held.delete(id);
    if (id !== this.current) return [];
    const [next] = this.held;
    this.current = next?.[0];
    if (next === undefined) return [];
    this.held.delete(next[0]);
    return next[1];
  }

  /** Returns true for a message that a reader still sees. */
  isShown(id: string | undefined): boolean {
    return id === undefined || !this.discarded.has(id);
  }
}
