/** Milliseconds of the units that providers write durations in. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milliseconds?)$/i, 1],
  [/^(s|secs?|seconds?)$/i, 1_000],
  [/^(m|mins?|minutes?)$/i, 60_000],
  [/^(h|hrs?|hours?)$/i, 3_600_000],
  [/^(d|days?)$/i, 86_400_000],
];

const part = /(\d+(?:\.\d+)?)\s*([a-z]+)/gi;

/** Parses a duration as providers write it, `300ms`, `6m0s`, `20 seconds`, in ms; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(part)];
  if (parts.length === 0 || text.replace(part, "").trim() !== "") return undefined;
  let sum = 0;
  for (const [, amount, unit] of parts) {
    const ms = units.find(([names]) => names.test(unit!))?.[1];
    if (ms === undefined) return undefined;
    sum += Number(amount) * ms;
  }
  return sum;
}

const asked =
  /\b(?:try|retry)(?: your request)?(?: again)?(?: in| after)\s+((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])\s*)+)/i;

/** Returns the wait that a provider asks for in words: "Please try again in 300ms", "Please retry after 20 seconds". */
export function waitInWords(text: string): number | undefined {
  const duration = asked.exec(text)?.[1];
  return duration === undefined ? undefined : parseDuration(duration);
}
