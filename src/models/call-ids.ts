import { digest } from "../text/digest.js";
import type { HistoryRules } from "./history-rules.js";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Makes an id of nine letters and digits, which every provider accepts (Mistral no other); the same text gives the same one. */
function portableId(text: string): string {
  return Array.from(digest(text).slice(0, 9), (byte) => alphabet[byte % alphabet.length]).join("");
}

/** Renames the calls of one conversation, and their results with them. */
export class CallIds {
  private readonly taken = new Set<string>();
  /** New ids of the calls that have no result yet, by their old ids. */
  private readonly open = new Map<string, string[]>();
  private readonly latest = new Map<string, string>();

  constructor(private readonly accepted: HistoryRules["callId"]) {}

  /** @param keep true for a call of the reader's own, whose id stays as it is */
  forCall(id: string | undefined, keep: boolean): string | undefined {
    const old = id ?? "";
    const fits = this.accepted === undefined || (this.accepted.test(old) && !this.taken.has(old));
    let used = old;
    for (let count = 0; !keep && !fits && (used === old || this.taken.has(used)); count++) {
      used = portableId(count === 0 && old !== "" ? old : `${old} ${count} ${this.taken.size}`);
    }
    this.taken.add(used);
    this.latest.set(old, used);
    this.open.set(old, [...(this.open.get(old) ?? []), used]);
    return id === undefined && used === "" ? undefined : used;
  }

  /** Finds the id of the call a result belongs to: the first of its old id that is still open. */
  forResult(id: string): string {
    const [first, ...rest] = this.open.get(id) ?? [];
    if (first !== undefined) this.open.set(id, rest);
    return first ?? this.latest.get(id) ?? id;
  }
}
