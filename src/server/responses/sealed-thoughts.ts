import type { Thought } from "../answer/thoughts.js";

/** Beginnings of `encrypted_content` that hold what Claude requires back. */
const seals = { signature: "claude-signature:", redacted: "claude-redacted:" } as const;

/** Returns `encrypted_content` of a thought: the signature or the encrypted text of Claude; null for other thoughts. */
export function sealOf({ signature, redacted }: Thought): string | null {
  if (redacted !== undefined) return `${seals.redacted}${redacted}`;
  return signature === undefined ? null : `${seals.signature}${signature}`;
}

/** Returns Claude's own block of a reasoning item; undefined for thoughts of others. */
export function openSeal(sealed: string | null | undefined, thinking: string): object | undefined {
  if (sealed?.startsWith(seals.redacted)) {
    return { type: "redacted_thinking", data: sealed.slice(seals.redacted.length) };
  }
  if (!sealed?.startsWith(seals.signature)) return undefined;
  return { type: "thinking", thinking, signature: sealed.slice(seals.signature.length) };
}
