import { lastText, type RouteTurn } from "./route.js";

/** How hard a request is, from the easiest to the hardest. */
export const complexities = ["simple", "moderate", "complex", "critical"] as const;
/** How hard a question is. */
export type Complexity = (typeof complexities)[number];

const formal = /json|extract/i;
const inventive = /creative|unique|original|detailed/i;
const analytic = /analy[sz]e|compare|explain why|evaluate|\b(?:(?:dis)?prove|derive|justify|refute|trade-?offs?)\b/i;
/** Ours: words of what harms somebody where the answer is wrong. */
const grave = new RegExp(
  `\\b(?:${[
    "outage|data (?:loss|breach)|security (?:breach|incident)|production (?:is |went |goes )?(?:down|incident)",
    "legal(?:ly)? (?:advice|binding|opinion|liab\\w+)|lawsuit|litigation|malpractice",
    "medical (?:advice|emergency|diagnosis)|dosage|overdos\\w+|medications?|chest pain|drug interactions?",
    "(?:financial|investment|tax) advice|tax returns?|wire transfers?|(?:life|retirement) savings",
    "suicid\\w+|self-harm|life-threatening|safety-critical|poisoning",
  ].join("|")})\\b`,
  "i",
);
const telling = new RegExp([formal, inventive, analytic].map(({ source }) => source).join("|"), "i");

/** A rating with its ground. */
export interface RatedComplexity {
  readonly complexity: Complexity;
  readonly reason: string;
}

/**
 * Rates how hard a request is by its words, length and shape; the first rule that fits decides.
 *
 * 1. "json" or "extract" is in it: `simple`.
 * 2. "creative", "unique", "original" or "detailed" is in it, or it is longer than 2,000 characters: `complex`.
 * 3. It speaks of what harms somebody where the answer is wrong: `critical`. An outage or a loss of data, legal, medical or
 *    financial advice, danger to life; the words are ours.
 * 4. It is a question of fewer than 50 characters: `simple`.
 * 5. "analyze", "analyse", "compare", "explain why" or "evaluate" is in it, or "prove", "derive", "justify", "refute" or
 *    "trade-off": `complex`.
 * 6. It is shorter than 500 characters: `simple`. Else it is `moderate`.
 *
 * **When to use** - as the `complexity` of `byTask`, or inside a `detect` of your own; `byComplexity` uses it already.
 * **Gotchas** - the words are English, and most are found inside longer ones too ("extraction"). It reads no meaning, so measure
 * it on your own requests, and give `complexity` in the run context where you know that an error is expensive: "critical" is
 * only as good as its list of words. Only the last human message is read.
 *
 * @example
 * ```ts
 * const complexity = (turn) => (detectComplexity(turn) === "simple" ? "simple" : "complex");
 * ```
 */
export function detectComplexity(turn: Pick<RouteTurn, "messages">): Complexity {
  return rateComplexity(lastText(turn.messages)).complexity;
}

/** The rating of a text, with the rule that decided it. */
export function rateComplexity(text: string): RatedComplexity {
  const says = (complexity: Complexity, reason: string) => ({ complexity, reason });
  const wordless = !telling.test(text); // one pass over a long text instead of three
  const wordOf = (words: RegExp) => (wordless ? undefined : words.exec(text)?.[0].toLowerCase());

  const task = wordOf(formal);
  if (task !== undefined) return says("simple", `"${task}" is in it`);
  const style = wordOf(inventive);
  if (style !== undefined) return says("complex", `"${style}" is in it`);
  if (text.length > 2_000) return says("complex", `it has ${text.length} characters, over 2000`);
  const danger = grave.exec(text)?.[0].toLowerCase();
  if (danger !== undefined) return says("critical", `"${danger}" is in it`);
  if (text.length < 50 && text.includes("?")) return says("simple", "it is a short question");
  const work = wordOf(analytic);
  if (work !== undefined) return says("complex", `"${work}" is in it`);
  if (text.length < 500) return says("simple", `it has ${text.length} characters, under 500`);
  return says("moderate", `it has ${text.length} characters`);
}
