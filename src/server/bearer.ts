import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Checks an `Authorization` header against the keys in constant time; without keys every caller passes. */
export function bearerCheck(keys: readonly string[] | undefined): (header: string | undefined) => boolean {
  if (keys === undefined) return () => true;
  const known = keys.map(digest);
  return (header = "") => {
    const given = digest(/^bearer +(\S+)\s*$/i.exec(header)?.[1] ?? "");
    return known.map((key) => timingSafeEqual(key, given)).includes(true); // compares all keys, so that timing reveals nothing
  };
}
