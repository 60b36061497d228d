import { redacted } from "./encodings.js";
import { looksRandom, marked, type Pattern } from "./key-signs.js";
import { cachedMask, maskKnown } from "./known-secrets.js";

/** Maximum characters that are searched for known secrets, read, and kept. */
const limits = { searched: 16_000, read: 2_000, kept: 500 };

/** Patterns of secrets by their context. */
const placed: readonly Pattern[] = [
  // headers
  [
    /((?:authorization|cookie)\\?["']?\s*[:=,]\s*\\?["']?)(?:[-\w]+\s+)?[^\s"',;\\]+(?:;\s*[-\w.]{1,60}=[^\s"',;\\]*)*/gi,
    `$1${redacted}`,
  ],
  [/\b(bearer|basic)(:?\s+)(?!auth)[^\s"',;<>\\]{6,}/gi, `$1$2${redacted}`],
  [/(\bx-[-\w]{0,40}(?:key|token|secret|auth)\\?["']?\s*[:=,]\s*\\?["']?)[^\s"',;&}\\]{4,}/gi, `$1${redacted}`],
  // fields: `"apiKey": "…"`, `api_key=…`, `API key provided: …`, `"api-key", "…"`
  [
    /((?:(?:api|access|private|secret|subscription|account|shared|master|functions?|auth)[-_ ]?key|(?:api|access|auth|refresh|id|session|bearer|bot)[-_ ]?token|(?:private|x-auth)-token|secret|password|passphrase|passwd|credential)(?: provided| used)?\\?["']?\s*(?:[:=]\s*\\?["']?|\\?["'])(?:,\s*\\?["'])?)[^\s"',;&}\\]{3,}[^\s"',;&}\\.]/gi,
    `$1${redacted}`,
  ],
  // queries of URLs, also when the URL is encoded
  [
    /((?:[?&;]|%3f|%26)(?:[-\w.]{0,40}(?:key|token|sig|signature|secret|passw(?:or)?d|pwd|pass|auth|credentials?|jwt|sas)|code)(?:=|%3d))[^&\s"'<>]+/gi,
    `$1${redacted}`,
  ],
];

const mask = (patterns: readonly Pattern[], text: string) =>
  patterns.reduce((kept, [pattern, replacement]) => kept.replace(pattern, replacement), text);

/**
 * Removes keys, bearer tokens and URL credentials from a text, and cuts it at 500 characters.
 *
 * **When to use** - on every foreign error message before it enters state, traces or a log.
 */
export const redact = cachedMask((text) => {
  const known = maskKnown(text.slice(0, limits.searched)).slice(0, limits.read);
  const clean = mask(placed, mask(marked, known));
  return clean.length > limits.kept ? `${clean.slice(0, limits.kept - 1)}…` : clean;
});

/** Removes keys, bearer tokens and URL credentials from a whole text, such as a prompt in a trace. */
export function redactContent(text: string): string {
  return mask(placed, mask(marked, maskKnown(text)));
}

/**
 * Masks known secrets, marked keys and URL credentials in this library's own texts. Unlike `redact`, it keeps advice such as
 * `write apiKey: …` and does not cut.
 */
export const maskKeys = cachedMask((text) => mask(marked, maskKnown(text)));

/** Returns true when `redact` would mask something. */
export function holdsKey(text: string): boolean {
  const read = text.slice(0, limits.searched);
  return mask(placed, maskKeys(read)) !== read;
}

/** Describes any thrown value without secrets. */
export function redactError(error: unknown): string {
  try {
    const { message } = Object(error) as { message?: unknown };
    return redact(typeof message === "string" ? message : String(error));
  } catch {
    return "an error that cannot be read";
  }
}

/** Returns true when a text is exactly one marked key; `hf-internal-testing/tiny` is a name. */
export function isKey(text: string): boolean {
  return /\d/.test(text) && !text.includes("/") && mask(marked, text) === redacted;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Returns true when a text given as a name or id may be a key: known, marked, a UUID, or random-looking. */
export function mayBeKey(text: string): boolean {
  const read = text.slice(0, limits.read);
  return maskKeys(read) !== read || uuid.test(read.trim()) || looksRandom(read);
}

/** Returns a name or id that is safe to show. */
export function shownName(text: string): string {
  return mayBeKey(text) ? redacted : text;
}
