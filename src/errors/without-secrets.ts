import { holdsKey } from "../secrets/redact.js";
import { isSecretName } from "../secrets/secret-names.js";
import { textsWithin } from "../secrets/texts-within.js";
import { safeCause } from "./safe-cause.js";

/**
 * Returns a foreign error itself, so that callers can read its class and fields; or a safe copy when it holds a secret or is too
 * large to check.
 */
export function withoutSecrets(error: unknown): unknown {
  const texts = textsWithin(error);
  for (let next = texts.next(); ; next = texts.next()) {
    if (next.done) return next.value ? error : safeCause(error);
    const { name, text, holders } = next.value;
    if (holdsKey(text) || (text.length >= 8 && [name, ...holders].some(isSent))) return safeCause(error);
  }
}

/** Excludes `code`, which on errors is no secret. */
const isSent = (name: string) => name !== "code" && isSecretName(name);
