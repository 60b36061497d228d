import { maskKeys } from "../secrets/redact.js";
import { visibleText } from "../text/visible-text.js";

/** Returns a foreign text without known secrets and without characters that change how others are shown. */
export function plainText(text: string): string {
  return visibleText(maskKeys(text));
}

/** Cuts a text at `most` characters, after "…". Masks it first, so that no half of a key is left. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return plainText(text);
  const kept = plainText(text.slice(0, 2 * most)).slice(0, most - 1);
  return `${kept.replace(/[\ud800-\udbff]$/, "")}…`;
}
