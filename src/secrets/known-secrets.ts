import { cutEnd, type Finder, finderOf, readingsOf, shortest, shortestSecret } from "./encodings.js";
import { gramIndex } from "./gram-index.js";

/**
 * Known secrets in order of last use; finders are made on demand. The limit exceeds what a process uses at a time, and keeps
 * memory small (under 1 KB each) on a server that makes clients all day.
 */
const known = new Map<string, Finder | undefined>();
const most = 100_000;

/** Placeholder keys for servers without authentication. */
const placeholders: ReadonlySet<unknown> = new Set(["not-needed", "Bearer not-needed"]);

/** Secrets by the end of each form in lower case, because beginnings of keys are alike (`sk-proj-`). */
const byEnd = gramIndex(shortestSecret);

/** Secrets by prefix, to find truncated ones. */
const byStart = gramIndex(shortest.start);

/**
 * Remembers a secret, so that it is redacted from all later texts in any encoding. Beyond 100,000, the least recently used is
 * dropped.
 */
export function rememberSecret(value: unknown): void {
  if (typeof value !== "string" || value.length < shortestSecret || placeholders.has(value)) return;
  collected?.add(value);
  const finder = known.get(value);
  if (!known.delete(value)) learn(value);
  known.set(value, finder);
  if (known.size > most) forget(known.keys().next().value!);
}

function learn(value: string): void {
  for (const end of endsOf(value)) byEnd.add(end, value);
  if (value.length >= shortest.cut) byStart.add(value, value);
  for (const results of maskedTexts) results.clear();
}

/** Collects secrets while `secretsFoundBy` works. */
let collected: Set<string> | undefined;

/** Runs `work` and returns the secrets it remembered, so that they can be remembered again without it. */
export function secretsFoundBy(work: () => void): ReadonlySet<string> {
  const found = new Set<string>();
  collected = found;
  try {
    work();
  } finally {
    collected = undefined;
  }
  return found;
}

/** Cached results of all masks; a new secret clears them. */
const maskedTexts: Map<string, string>[] = [];
const maxCached = { texts: 1_000, characters: 500 };

/** Caches a mask for short texts: paths, reasons, messages and lines of stacks repeat from run to run. */
export function cachedMask(mask: (text: string) => string): (text: string) => string {
  const results = new Map<string, string>();
  maskedTexts.push(results);
  return (text) => {
    if (text.length > maxCached.characters) return mask(text);
    const before = results.get(text);
    if (before !== undefined) return before;
    const masked = mask(text);
    if (results.size >= maxCached.texts) results.clear();
    results.set(text, masked);
    return masked;
  };
}

function forget(value: string): void {
  for (const end of endsOf(value)) byEnd.remove(end, value);
  if (value.length >= shortest.cut) byStart.remove(value, value);
  known.delete(value);
}

function endsOf(value: string): Set<string> {
  return new Set(finderOf(value).forms.map((form) => form.toLowerCase().slice(-shortestSecret)));
}

/** Masks all known secrets in a text, the longest first. */
export function maskKnown(text: string): string {
  if (text.length < shortestSecret) return text;
  const found = new Set<string>();
  for (const read of readingsOf(text)) byEnd.search(read.toLowerCase(), (secret) => found.add(secret));
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
