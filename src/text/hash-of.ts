import { toHex } from "./bytes.js";

/** Computes the SHA-256 of lines of text, as hexadecimal digits. No line may hold a line break. */
export async function hashOf(lines: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return toHex(hash);
}
