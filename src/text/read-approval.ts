import { InvalidOptionError } from "../errors/index.js";
import { reports } from "./reported.js";

const reportsApproval = reports("approve|lgtm|looks? good");

const words = (...list: readonly string[]) => `(?<![\\w-])(?:${list.join("|")})(?!\\w)`;

/** The word that approves. A noun behind it makes it something else ("approved orders"), and so does "which is" before it. */
const approval = new RegExp(
  "(?<!\\b(?:that|which|who) (?:is|are|was|were) )(?<![\\w-])approve[ds]?\\b(?=\\s*(?:$|[^\\s\\w])|\\s+(?:by|with|without|as|" +
    "for|and|or|nor|of|this|these|that|it|the|your|all|in|on|at|because|since|now|here|today|only|if|once|when|after|unless|" +
    "until|before|provided|assuming|pending|subject|but|except|to (?:merge|ship|go|proceed|deploy|release))\\b)" +
    "|\\bapproval\\W{1,4}(?:is |was )?(?:yes|granted|given)\\b" +
    "|\\blgtm\\b|\\blook(?:s|ing)? (?:(?!not |less |far |hardly )\\w{1,20} ){0,2}good\\b",
  "g",
);

/** A refusal wherever it stands. */
const refusal = new RegExp(
  "\\b(?:dis|un|non|not)-?approv|\\bapproval\\W{1,4}(?:is |was |has been )?(?:no|not|denied|withheld|refused|pending)\\b" +
    "|^\\W{0,4}(?:reject(?:ed|ing)?|denied|needs (?:work|changes))\\b|\\bi (?:have to |must )?reject\\b" +
    "|\\bchanges (?:are )?(?:requested|required|needed)\\b",
);

/** What turns an approval around that follows it in the same clause. */
const negation = new RegExp(
  `${words(
    ...["not", "never", "no", "nope", "no longer", "cannot", "nor", "neither", "nobody", "none", "nothing", "hardly"],
    ...["barely", "unable", "fail(?:s|ed)?", "refuses?", "refused", "declines?", "rejects?", "denie[sd]", "withheld"],
    ...["almost", "nearly", "partially", "partly", "far from", "yet to", "would", "could", "might", "needs?"],
    ...["requires?", "awaits?", "awaiting", "must", "ha(?:s|ve) to", "false", "n/a"],
  )}|n't\\b|'d\\b`,
);

/** What makes it depend on something, in its own sentence or at the beginning of a later one. */
const condition = words(
  ...[
    "if",
    "once",
    "when(?:ever)?",
    "after(?:wards)?",
    "unless",
    "until",
    "before",
    "provided",
    "providing",
    "assuming",
  ],
  ...["pending", "subject to", "conditional(?:ly)?", "contingent", "as (?:soon|long) as", "first", "whether"],
);
const conditional = new RegExp(condition);
const conditionalNext = new RegExp(`^\\W{0,4}(?:(?:and|only|just) )?${condition}`);

/** What takes it back afterwards. */
const objection = new RegExp(
  `${words(
    ...["but", "except", "however", "although", "though", "that said", "otherwise", "(?:apart|aside) from", "yet"],
    ...[
      "should",
      "ought to",
      "please",
      "required?",
      "fix",
      "blocking",
      "blockers?",
      "reservations?",
      "wait",
      "kidding",
    ],
    ...["joking", "scratch that", "on second thoughts?", "rejected", "denied", "broken", "wrong", "missing", "unsafe"],
  )}|👎|❌`,
);
const demand = new RegExp(
  "^\\W{0,4}(?:(?:and|then|also|just|now|first) )?(?:let's|do|don't|add|address|avoid|change|check|clean|consider|correct|" +
    "delete|drop|ensure|handle|improve|make|mend|move|remove|rename|replace|revert|revise|rewrite|split|test|try|update|use|write)\\b",
);

/** Says that there is nothing to mend: read as nothing. What was not done about faults is no such thing ("no issues were fixed"). */
const fault =
  "(?:changes?|issues?|problems?|bugs?|errors?|comments?|concerns?|objections?|complaints?|remarks?|reservations?|defects?|" +
  "faults?|flaws?|mistakes?|nits?|leaks?|blockers?|feedback|revisions?|edits?|corrections?|questions?|suggestions?|" +
  "improvements?|fixes|warnings?|doubts?|to (?:add|change|fix|improve|mend|criticize|complain about))\\b";
const content = new RegExp(
  "(?<!\\w)(?:no|not (?:a|any)|nothing|without|zero|" +
    "(?:can't|cannot|can not|couldn't|could not|don't|do not|didn't|did not) (?:find|see|have|spot))" +
    ` (?:\\w{1,20} ){0,3}?${fault}(?! (?:are |were |was |is |have been |has been )?(?:fixed|addressed|resolved|mended|made))` +
    "(?: (?:is|are|was|were|been|needed|required|requested|necessary|found|left|remain(?:ing|s)?|seen)\\b){0,3}",
  "g",
);

/**
 * Reads whether a review in plain text approves: "approved" and "looks good" do; `undefined` where it says nothing of the kind.
 *
 * It is made to doubt, since a needless revision costs less than a wrong approval. `false` where
 * - a refusal stands anywhere ("disapproved", "changes requested", a sentence that begins with "rejected"), or
 * - an approval is negated in its clause ("cannot approve"), conditional ("approved once …"), or a question, or
 * - it is what somebody else says or asks for ("the comment tells me to say approved"), or
 * - anything after the first approval negates, objects or demands ("… but", "Do not merge", "Fix …"), or is an item of a list.
 *
 * What says that there is nothing to mend ("no changes needed") is no negation. Code is not read.
 *
 * **When to use** - in a `next` or a verifier of your own; `untilApproved` reads answers in text with it.
 * **Gotchas** - English; praise in a list belongs before the approval, not behind it.
 *
 * @example
 * ```ts
 * readApproval("**Approved.** No changes needed."); // true
 * readApproval("Looks good, but the loop never ends."); // false
 * readApproval("The loop never ends."); // undefined
 * ```
 * @throws {InvalidOptionError} when `text` is no text
 */
export function readApproval(text: string): boolean | undefined {
  if (typeof text !== "string") throw new InvalidOptionError("readApproval.text", text, "give the text of a review");
  const sentences = sentencesOf(text);
  if (sentences.some(({ said }) => refusal.test(said))) return false;
  let approved: true | undefined;
  for (const { said, listed } of sentences) {
    const found = [...said.matchAll(approval)].map(({ index }) => index);
    if (found.length > 0 ? !isOutright(said, found) : approved && (listed || takesBack(said))) return false;
    if (found.length > 0) approved = true;
  }
  return approved;
}

/** True for a sentence that approves: each word that does is neither negated nor taken back. */
function isOutright(sentence: string, approvals: readonly number[]): boolean {
  if (reportsApproval(sentence) || conditional.test(sentence) || /\?\W{0,4}$/.test(sentence)) return false;
  if (withdraws(sentence.slice(approvals[0]))) return false;
  return approvals.every((index) => {
    const before = sentence.slice(Math.max(0, index - 200), index);
    const clause = before.slice(Math.max(before.lastIndexOf(","), before.lastIndexOf(":")) + 1);
    return !negation.test(clause) && !objection.test(clause) && !/\b(?:not|never),/.test(before);
  });
}

const takesBack = (sentence: string) => withdraws(sentence) || demand.test(sentence) || conditionalNext.test(sentence);
const withdraws = (text: string) => negation.test(text) || objection.test(text);

interface Sentence {
  readonly said: string;
  /** True for an item of a list. */
  readonly listed: boolean;
}

/** Lower-case sentences without code, marks, and words of content; "Approved? Yes." is one. */
function sentencesOf(text: string): readonly Sentence[] {
  return proseOf(text)
    .toLowerCase()
    .split("\n")
    .flatMap((line) => {
      const item = /^[ \t>]{0,9}(?:[-*+•]|\d{1,3}[.)])[ \t]+/.exec(line)?.[0] ?? "";
      const plain = line
        .slice(item.length)
        .replaceAll("’", "'")
        .replace(/[*_#>~`]/g, "")
        .replace(content, "");
      const sentences = plain.split(/(?<=[.!;]|\?(?!\W{0,4}(?:yes|true)))\s+|(?<=\s[-–—])\s+/);
      return sentences.map((said) => ({ said: said.trim(), listed: item !== "" }));
    })
    .filter(({ said }) => /[^\W_]|👎|❌/.test(said));
}

/** A review without the code it quotes, unless it is nothing but a quotation. */
function proseOf(text: string): string {
  const prose = text
    .replace(/```[\s\S]*?(?:```|$)/g, "\n")
    .replace(/`([^`\n]*)`/g, (quoted, inside: string) => (/[^\w\s]/.test(inside) ? "" : quoted))
    .replace(/\{[^{}\n]*\}/g, "");
  return /[^\W_]/.test(prose) ? prose : text;
}
