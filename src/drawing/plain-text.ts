import { maskKeys } from "../secrets/redact.js";

/** Controls, and characters that reorder the text after them; tabs and line feeds stay. */
const invisible = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a foreign text without known secrets and without characters that change how others are shown. */
export function plainText(text: string): string {
  return maskKeys(text).replace(invisible, "").toWellFormed();
}

/** Cuts a text at `most` characters, after "…". Masks it first, so that no half of a key is left. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return plainText(text);
  const kept = plainText(text.slice(0, 2 * most)).slice(0, most - 1);
  return `${kept.replace(/[\ud800-\udbff]$/, "")}…`;
}
