/** Longest part of a text that is read, and that is kept, in characters. */
const limits = { read: 2_000, kept: 500 };

const secrets: readonly (readonly [RegExp, string])[] = [
  // keys that show by their prefix what they are
  [
    /(?<![A-Za-z0-9])(?:(?:sk|pk|rk|csk|gsk|xai|hf|pplx|nvapi|lsv2|glpat|gh[oprsu]|github_pat)[-_]|AIza|AQ\.|ya29\.|AKIA|eyJ)[-_A-Za-z0-9*]{8,}(?:\.[-_A-Za-z0-9]{8,})*/g,
    "[redacted]",
  ],
  // headers
  [/((?:authorization|cookie)\\?["']?\s*[:=]\s*\\?["']?)(?:[-\w]+\s+)?[^\s"',;\\]+/gi, "$1[redacted]"],
  [/\b(bearer|basic)(:?\s+)(?!auth)[^\s"',;<>\\]{6,}/gi, "$1$2[redacted]"],
  // fields: `"apiKey": "…"`, `api_key=…`, `API key provided: …`
  [
    /((?:(?:api|access|private|secret|subscription)[-_ ]?key|(?:access|auth|refresh|id|session)[-_ ]?token|secret|password)(?: provided| used)?\\?["']?\s*(?:[:=]\s*\\?["']?|\\?["']))[^\s"',;&}\\]{3,}[^\s"',;&}\\.]/gi,
    "$1[redacted]",
  ],
  // URLs: queries and credentials
  [/([?&;][-\w.]{0,40}(?:key|token|sig|signature)=)[^&\s"'<>]+/gi, "$1[redacted]"],
  [/(\/\/)[^/?#\s"'<>]*@/g, "$1[redacted]@"],
];

/** Secrets known by their value, the latest last; more than anyone has, so that a server that makes clients all day stays small. */
const known = new Set<string>();
const most = 1_000;

/** Has every text that is redacted from now on lack this one, whatever it looks like. Under 8 characters it could be a word. */
export function keepSecret(value: unknown): void {
  if (typeof value !== "string" || value.length < 8) return;
  known.delete(value);
  known.add(value);
  if (known.size > most) known.delete(known.values().next().value!);
}

/**
 * Removes keys, bearer tokens and URL credentials from a text, and cuts it at 500 characters.
 *
 * **When to use** - on every foreign error message before it enters state, traces or a log.
 *
 * @example
 * ```ts
 * redact("401 Incorrect API key provided: sk-abcdef123456."); // "401 Incorrect API key provided: [redacted]."
 * ```
 */
export function redact(text: string): string {
  const clean = scrub(text);
  return clean.length > limits.kept ? `${clean.slice(0, limits.kept - 1)}…` : clean;
}

function scrub(text: string): string {
  const told = [...known].filter((secret) => text.includes(secret)).sort((a, b) => b.length - a.length);
  const read = told.reduce((kept, secret) => kept.replaceAll(secret, "[redacted]"), text).slice(0, limits.read);
  return secrets.reduce((kept, [pattern, replacement]) => kept.replace(pattern, replacement), read);
}

/** Says without secrets what was thrown, which may be anything. */
export function redactError(error: unknown): string {
  try {
    const { message } = Object(error) as { message?: unknown };
    return redact(typeof message === "string" ? message : String(error));
  } catch {
    return "an error that cannot be read";
  }
}

/** The error itself, or, where its message holds a secret, a copy without: what a thrown error keeps as its cause. */
export function withoutSecrets(error: unknown): unknown {
  try {
    const { message, name, status, code } = Object(error) as { [field: string]: unknown };
    if (typeof message !== "string" || message.startsWith(scrub(message))) return error;
    return Object.assign(new Error(redact(message)), { name: String(name), status, code });
  } catch {
    return new Error(redactError(error)); // it cannot even be read
  }
}
