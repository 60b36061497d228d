import { type Finder, finderOf } from "./encodings.js";

/** Secrets known by their value, the latest last; more than anyone has, so that a server that makes clients all day stays small. */
const known = new Map<string, Finder>();
const most = 1_000;
/** Fewest characters of a secret: under them it could be a word. */
const shortest = 8;

/** Has every text that is redacted from now on lack this one, whatever it looks like and however it is written there. */
export function keepSecret(value: unknown): void {
  if (typeof value !== "string" || value.length < shortest) return;
  const finder = known.get(value) ?? finderOf(value);
  known.delete(value);
  known.set(value, finder);
  if (known.size > most) known.delete(known.keys().next().value!);
}

/** Takes every secret that is known by its value out of a text, the longest first. */
export function maskKnown(text: string): string {
  if (text.length < shortest) return text;
  const longestFirst = [...known].sort(([one], [other]) => other.length - one.length);
  return longestFirst.reduce((masked, [, finder]) => finder.mask(masked), text);
}
