import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Finds a key among the accepted ones, in constant time.
 *
 * @returns its name by position, `key 2`; `no key` if none is needed; `undefined` for a wrong one
 */
export type KeyCheck = (given: string | undefined) => string | undefined;

/** Hashes a text, so that texts of any length are compared in constant time. */
export const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * Makes a check of keys; without keys every caller passes.
 *
 * @param name word before the position
 */
export function keyCheck(keys: readonly string[] | undefined, name = "key"): KeyCheck {
  if (keys === undefined) return () => "no key";
  const known = keys.map(digest);
  return (given = "") => {
    const sent = digest(given);
    const position = known.map((key) => timingSafeEqual(key, sent)).indexOf(true); // compares all keys, so that timing reveals nothing
    return position === -1 ? undefined : `${name} ${position + 1}`;
  };
}

/** Returns the key of an `Authorization` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(header ?? "")?.[1];
}

/** Returns the keys of a request: `Authorization: Bearer …`, and `x-api-key` of Anthropic's clients. */
export function keysIn(headers: Headers): readonly (string | undefined)[] {
  return [bearerOf(headers.get("authorization") ?? undefined), headers.get("x-api-key")?.trim()];
}
