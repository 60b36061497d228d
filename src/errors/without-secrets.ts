import { holdsKey } from "../secrets/redact.js";
import { isSecretName } from "../secrets/secret-names.js";
import { textsWithin } from "../secrets/texts-within.js";
import { safeCause } from "./safe-cause.js";

/**
 * What is thrown on to the caller of an error that is none of this library's: the error itself, so that its class and fields can be read
 * as ever; or, where a secret is anywhere in it or it is too large to know, what can be kept of it.
 */
export function withoutSecrets(error: unknown): unknown {
  const texts = textsWithin(error);
  for (let next = texts.next(); ; next = texts.next()) {
    if (next.done) return next.value ? error : safeCause(error);
    const { name, text, holders } = next.value;
    if (holdsKey(text) || (text.length >= 8 && [name, ...holders].some(isSent))) return safeCause(error);
  }
}

/** `code` of an error says what happened, not who may. */
const isSent = (name: string) => name !== "code" && isSecretName(name);
