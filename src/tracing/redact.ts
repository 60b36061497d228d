const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|rk|gsk|xai|hf|ghp|glpat|AIza|ya29\.)[-_A-Za-z0-9*]{8,400}/g, "[redacted]"],
  [/\b(bearer|basic)\s+[-._~+/A-Za-z0-9*]{6,4000}=*/gi, "$1 [redacted]"],
  [
    /((?:api[-_]?key|x-goog-api-key|authorization|access[-_]?token|client[-_]?secret|password)["']?\s*[:=]\s*["']?)[^\s"',;&}]{4,4000}/gi,
    "$1[redacted]",
  ],
  [/([?&](?:key|token|sig|signature)=)[^&\s"']{1,4000}/gi, "$1[redacted]"],
  [/(\/\/)[^/\s:@]{1,200}:[^/\s@]{1,200}@/g, "$1[redacted]@"],
  [/(incorrect api key provided:\s*)[^\s."']{1,400}/gi, "$1[redacted]"],
];

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
  const short = text.length > 2_000 ? text.slice(0, 2_000) : text;
  const clean = secrets.reduce((kept, [pattern, replacement]) => kept.replace(pattern, replacement), short);
  return clean.length > 500 ? `${clean.slice(0, 499)}…` : clean;
}
