import { cutEnd, type Finder, finderOf, readingsOf, shortest, shortestSecret } from "./encodings.js";
import { gramIndex } from "./gram-index.js";

/**
 * Secrets known by their value, the one that was used last at the end; each has its finder once a text seems to hold it. More than
 * a process uses at a time, at under 1 KB each, so that a server that makes clients all day stays small.
 */
const known = new Map<string, Finder | undefined>();
const most = 100_000;

/** What stands where a key would and is none: servers that need no key are given it. */
const placeholders: ReadonlySet<unknown> = new Set(["not-needed", "Bearer not-needed"]);

/** Secrets by how each form ends: the beginnings of keys are alike (`sk-proj-`), their ends are not. */
const byEnd = gramIndex(shortestSecret);

/** Secrets by how they begin, for texts that are cut. */
const byStart = gramIndex(shortest.start);

/**
 * Has every text that is redacted from now on lack this one, whatever it looks like and however it is written there. Of more than
 * 100,000 the one is forgotten that was kept, and sent, longest ago.
 */
export function keepSecret(value: unknown): void {
  if (typeof value !== "string" || value.length < shortestSecret || placeholders.has(value)) return;
  const finder = known.get(value);
  if (!known.delete(value)) for (const end of endsOf(value)) byEnd.add(end, value);
  if (value.length >= shortest.cut) byStart.add(value, value);
  known.set(value, finder);
  if (known.size > most) forget(known.keys().next().value!);
}

function forget(value: string): void {
  for (const end of endsOf(value)) byEnd.remove(end, value);
  if (value.length >= shortest.cut) byStart.remove(value, value);
  known.delete(value);
}

function endsOf(value: string): Set<string> {
  return new Set(finderOf(value).forms.map((form) => form.slice(-shortestSecret)));
}

/** Takes every secret that is known by its value out of a text, the longest first. */
export function maskKnown(text: string): string {
  if (text.length < shortestSecret) return text;
  const found = new Set<string>();
  for (const read of readingsOf(text)) byEnd.search(read, (secret) => found.add(secret));
  byStart.search(text, (secret, at) => {
    if (cutEnd(text, at, secret) !== undefined) found.add(secret);
  });
  const longestFirst = [...found].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((masked, secret) => finderFor(secret).mask(masked), text);
}

function finderFor(secret: string): Finder {
  const finder = known.get(secret) ?? finderOf(secret);
  known.set(secret, finder);
  return finder;
}
