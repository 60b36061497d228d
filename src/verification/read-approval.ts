const words = (...list: readonly string[]) => `(?:${list.join("|")})\\b`;

/** What takes an approval back when it stands before it in the same clause. */
const refusing = new RegExp(
  `\\b${words(
    ...["not", "never", "no longer", "cannot", "nor", "neither", "nobody", "none", "nothing", "hardly", "barely"],
    ...["unable", "fail(?:s|ed)?", "refuses?", "declines?", "rejects?", "denie[sd]", "almost", "nearly", "partially"],
    ...["partly", "far from", "yet to", "needs?", "requires?", "awaits?", "awaiting", "must", "ha(?:s|ve) to"],
    ...["would", "could", "might"],
  )}|n't\\b`,
);
/** What makes it depend on something, or takes something out of it. */
const reservation = words(
  ...["if", "once", "when", "whenever", "after", "afterwards", "unless", "until", "before", "provided", "providing"],
  ...["assuming", "pending", "subject to", "conditional(?:ly)?", "contingent", "as (?:soon|long) as", "first"],
  ...["whether", "but", "except", "however", "although", "though", "that said", "otherwise", "(?:apart|aside) from"],
);
const reserving = new RegExp(`\\b${reservation}`);
/** The same at the beginning of a sentence that goes on with the one before: "Approved. But only once …" */
const reserves = new RegExp(`^\\W{0,4}(?:(?:and|only|just) )?${reservation}`);
const no = ["no", "nope", "not", "never", "false", "denied", "withheld", "refused"];
/** What answers the label or question before it: "Approved? No." */
const answering = new RegExp(`^\\W{0,4}${words("yes", "true", ...no)}`);
const denied = new RegExp(`[:?=(–—-]\\W{0,4}${words(...no)}`);
/** A refusal wherever it stands. */
const refusal =
  /\b(?:dis|un|non|not)-?approv|\bapproval (?:is |was |has been )?(?:denied|withheld|refused|pending)\b|^\W{0,4}reject(?:ed|ing)?\b|\bi (?:have to |must )?reject\b|(?<!\bno (?:\w+ )?)\bchanges (?:are )?(?:requested|required|needed)\b|^\W{0,4}needs (?:work|changes)\b/;
/** What may follow the word where it is said of the work; a noun makes it something else ("approved orders"). */
const following = words(
  ...["by", "with", "without", "as", "for", "and", "or", "nor", "of", "this", "these", "that", "it", "the", "your"],
  ...["all", "in", "on", "at", "because", "since", "now", "here", "today", "only"],
  ...["to (?:merge|ship|go|proceed|deploy|release)"],
);
const approval = new RegExp(
  "(?<!\\b(?:that|which|who) (?:is|are|was|were) )(?<!\\w-)\\bapprove[ds]?\\b" +
    `(?=\\s*(?:$|[^\\s\\w])|\\s+(?:${following}|${reservation}))` +
    "|\\blgtm\\b|\\blook(?:s|ing)? (?:(?!not |less |far |hardly )\\w+ ){0,2}good\\b",
  "g",
);

/**
 * Reads whether a review in plain text approves: "approved" and "looks good" do; `undefined` where it says nothing of the kind.
 *
 * **When to use** - in a `next` or a verifier of your own; `untilApproved` reads answers in text with it.
 * **Gotchas** - English. It is made to doubt: one refusal or reservation ("not approved", "cannot approve", "approved once …",
 * "looks good, but …") outweighs every approval, since a needless revision costs less than a wrong approval. Code is not read.
 *
 * @example
 * ```ts
 * readApproval("**Approved.** Nice work."); // true
 * readApproval("Looks good, but the loop never ends."); // false
 * readApproval("The loop never ends."); // undefined
 * ```
 */
export function readApproval(text: string): boolean | undefined {
  const sentences = sentencesOf(text);
  if (sentences.some((sentence) => refusal.test(sentence))) return false;
  const said = sentences.filter((sentence) => sentence.search(approval) >= 0);
  return said.length === 0 ? undefined : said.every(approvesOutright);
}

function approvesOutright(sentence: string): boolean {
  if (reserving.test(sentence) || /\?\W{0,4}$/.test(sentence)) return false;
  return [...sentence.matchAll(approval)].every(({ index }) => {
    const before = sentence.slice(Math.max(0, index - 200), index);
    const clause = before.slice(before.lastIndexOf(",") + 1);
    if (refusing.test(clause) || /\b(?:not|never),/.test(before)) return false;
    return !denied.test(sentence.slice(index, index + 40));
  });
}

/** Lower-case sentences without code and marks; what answers or qualifies a sentence is one with it. */
function sentencesOf(text: string): readonly string[] {
  const plain = proseOf(text)
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[*_#>~`]/g, "");
  const sentences: string[][] = [];
  let before = "";
  for (const part of plain.split(/(?<=[.!?:;])\s+|(?<=\s[-–—])\s+|\n+/)) {
    const answer = /[:?=–—-]\s{0,4}$/.test(before) && answering.test(part);
    if (answer || (before !== "" && reserves.test(part))) sentences.at(-1)!.push(part);
    else sentences.push([part]);
    before = part;
  }
  return sentences.map((parts) => parts.join(" ").trim());
}

/** A review without the code it quotes, unless it is nothing but a quotation. */
function proseOf(text: string): string {
  const prose = text.replace(/```[\s\S]*?(?:```|$)/g, "\n").replace(/`[^`\n]*[^\w\s`][^`\n]*`|\{[^{}\n]*\}/g, "");
  return /[^\W_]/.test(prose) ? prose : text;
}
