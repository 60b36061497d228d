import { lastText, type RouteTurn } from "./route.js";

/** Complexity levels, from the easiest to the hardest. */
export const complexities = ["simple", "moderate", "complex", "critical"] as const;
export type Complexity = (typeof complexities)[number];

const formal = /json|extract/i;
const inventive = /creative|unique|original|detailed/i;
const analytic = /analy[sz]e|compare|explain why|evaluate|\b(?:(?:dis)?prove|derive|justify|refute|trade-?offs?)\b/i;
/** Topics on which a wrong answer does harm. */
const harmful = new RegExp(
  `\\b(?:${[
    "outage|data (?:loss|breach)|security (?:breach|incident)|production (?:is |went |goes )?(?:down|incident)",
    "legal(?:ly)? (?:advice|binding|opinion|liab\\w+)|lawsuit|litigation|malpractice",
    "medical (?:advice|emergency|diagnosis)|dosage|overdos\\w+|medications?|chest pain|drug interactions?",
    "(?:financial|investment|tax) advice|tax returns?|wire transfers?|(?:life|retirement) savings",
    "suicid\\w+|self-harm|life-threatening|safety-critical|poisoning",
  ].join("|")})\\b`,
  "i",
);
const anyRuleWord = new RegExp([formal, inventive, analytic].map(({ source }) => source).join("|"), "i");

interface RatedComplexity {
  readonly complexity: Complexity;
  readonly reason: string;
}

/**
 * Rates how hard a request is by its words, length and shape; the first rule that matches decides.
 *
 * 1. It contains "json" or "extract": `simple`.
 * 2. It contains "creative", "unique", "original" or "detailed", or is longer than 2,000 characters: `complex`.
 * 3. A wrong answer could do harm (outages, loss of data, danger to life, legal, medical or financial advice): `critical`.
 * 4. It is a question of fewer than 50 characters: `simple`.
 * 5. It contains "analyze", "compare", "explain why", "evaluate", "prove", "derive", "justify", "refute", "trade-off": `complex`.
 * 6. It is shorter than 500 characters: `simple`. Otherwise it is `moderate`.
 *
 * **When to use** - as `complexity` of `byTask`, or inside a `detect` of your own; `byComplexity` uses it already.
 * **Gotchas** - the words are English, and most match inside longer ones too ("extraction"). The rules do not understand a
 * request: where you know that an error is expensive, set `complexity` in the run context. Only the last human message is read.
 *
 * @example
 * ```ts
 * const complexity = (turn) => (detectComplexity(turn) === "simple" ? "simple" : "complex");
 * ```
 */
export function detectComplexity(turn: Pick<RouteTurn, "messages">): Complexity {
  return rateComplexity(lastText(turn.messages)).complexity;
}

export function rateComplexity(text: string): RatedComplexity {
  const rated = (complexity: Complexity, reason: string) => ({ complexity, reason });
  const wordless = !anyRuleWord.test(text); // one pass over a long text instead of three
  const wordOf = (words: RegExp) => (wordless ? undefined : words.exec(text)?.[0].toLowerCase());

  const task = wordOf(formal);
  if (task !== undefined) return rated("simple", `"${task}" is in it`);
  const style = wordOf(inventive);
  if (style !== undefined) return rated("complex", `"${style}" is in it`);
  if (text.length > 2_000) return rated("complex", `it has ${text.length} characters, over 2000`);
  const danger = harmful.exec(text)?.[0].toLowerCase();
  if (danger !== undefined) return rated("critical", `"${danger}" is in it`);
  if (text.length < 50 && text.includes("?")) return rated("simple", "it is a short question");
  const work = wordOf(analytic);
  if (work !== undefined) return rated("complex", `"${work}" is in it`);
  if (text.length < 500) return rated("simple", `it has ${text.length} characters, under 500`);
  return rated("moderate", `it has ${text.length} characters`);
}
