import { digest } from "../text/digest.js";
import { sortedJson } from "../text/normalizers/sorted-json.js";
import type { BatchItem } from "./batch-input.js";

/**
 * Names the thread or the job of an item: the same one for the same question in a batch of the same name, so that it is found again, and
 * another one when the question has changed.
 */
export function keyOf(batch: string, { id, asked }: Pick<BatchItem, "id" | "asked">): string {
  const bytes = digest(sortedJson([batch, id, asked]));
  return Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
