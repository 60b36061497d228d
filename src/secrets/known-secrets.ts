import { type Finder, finderOf, readingsOf, startLength } from "./encodings.js";

/** Secrets known by their value, the latest last; more than anyone has, so that a server that makes clients all day stays small. */
const known = new Map<string, Finder>();
const most = 1_000;
/** Fewest characters of a secret: under them it could be a word. */
const shortest = 8;

/** Secrets by how a form of them begins, so that a text is read once, however many there are. */
const byStart = new Map<string, Set<string>>();

/** Has every text that is redacted from now on lack this one, whatever it looks like and however it is written there. */
export function keepSecret(value: unknown): void {
  if (typeof value !== "string" || value.length < shortest) return;
  const finder = known.get(value) ?? finderOf(value);
  known.delete(value);
  known.set(value, finder);
  for (const start of finder.starts) byStart.set(start, (byStart.get(start) ?? new Set()).add(value));
  if (known.size > most) forget(known.keys().next().value!);
}

function forget(value: string): void {
  for (const start of known.get(value)!.starts) {
    const secrets = byStart.get(start);
    secrets?.delete(value);
    if (secrets?.size === 0) byStart.delete(start);
  }
  known.delete(value);
}

/** Takes every secret that is known by its value out of a text, the longest first. */
export function maskKnown(text: string): string {
  if (text.length < shortest) return text;
  const found = new Set<string>();
  for (const read of readingsOf(text)) {
    for (let at = 0; at + startLength <= read.length; at++) {
      for (const secret of byStart.get(read.slice(at, at + startLength)) ?? []) found.add(secret);
    }
  }
  const longestFirst = [...found].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((masked, secret) => known.get(secret)!.mask(masked), text);
}
