import { InvalidOptionError } from "../../errors/index.js";
import { reports } from "../reported.js";
import { announces } from "./announced.js";
import {
  approval,
  conditional,
  conditionFirst,
  content,
  demand,
  faultTalk,
  headed,
  isPraise,
  leadsIn,
  negation,
  objection,
  refusal,
  tail,
} from "./approval-forms.js";

const reportsApproval = reports("approve|lgtm|looks? good");

/**
 * Reads whether a review in plain text approves: "approved" and "looks good" do; `undefined` where it says nothing of the kind.
 *
 * It is made to doubt, since a needless revision costs less than a wrong approval. `false` where
 * - a refusal stands anywhere ("disapproved", "changes requested", a sentence that begins with "rejected"), or
 * - an approval is negated in its clause ("cannot approve"), conditional ("approved once …"), in part ("with nits"), or a question, or
 * - it is reported ("the comment tells me to say approved"), struck out, or a box that is not ticked, or
 * - a sentence before it names a fault or demands a change, or
 * - anything after it is not known to praise the work or to say that nothing has to change, or is an item of a list.
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
  for (const [index, { said, listed, line }] of sentences.entries()) {
    const found = [...said.matchAll(approval)];
    if (found.length === 0) {
      if (approved && (listed || !isPraise(said))) return false;
      continue;
    }
    if (!isOutright(said, found) || crossedOut.test(line)) return false;
    const before = sentences[index - 1];
    if (approved === undefined && sentences.slice(0, index).some((sentence) => doubts(sentence.said))) return false;
    if (before !== undefined && before.line !== line && announces(before.line)) return false;
    approved = true;
  }
  return approved;
}

const doubts = (sentence: string) =>
  (demand.test(sentence) && /\w\W+\w/.test(sentence)) ||
  conditionFirst.test(sentence) ||
  (faultTalk.test(sentence) && !negation.test(sentence)) ||
  /\bitself\b/.test(sentence);

/** A box that is not ticked, a cross, or text that is struck out. */
const crossedOut = /\[ \]|☐|❌|✗|✘|👎|🚫|~~|<(?:del|s|strike)\b|<!--|^\s*\/\//iu;

/** True for a sentence that approves: each word that does is neither negated nor taken back, and nothing unknown is beside it. */
function isOutright(sentence: string, approvals: readonly RegExpExecArray[]): boolean {
  if (reportsApproval(sentence) || conditional.test(sentence) || /\?\W{0,4}$/.test(sentence)) return false;
  if (withdraws(sentence.slice(approvals[0]!.index)) || /\.\.\.|…/.test(sentence)) return false;
  const isPlain = approvals.every(({ index }) => {
    const before = sentence.slice(Math.max(0, index - 200), index);
    const clause = before.slice(Math.max(before.lastIndexOf(","), before.lastIndexOf(":")) + 1);
    return !negation.test(clause) && !objection.test(clause) && !/\b(?:not|never),/.test(before);
  });
  const [first, last] = [approvals[0]!, approvals.at(-1)!];
  return isPlain && isLead(sentence.slice(0, first.index)) && isTail(sentence.slice(last.index + last[0].length));
}

/** True where each clause before an approval is its subject, a heading, or praise. */
function isLead(before: string): boolean {
  const clauses = before.split(/[,;:]|\s[-–—]\s/).map((clause) =>
    clause
      .replace(/[^\w' ]+/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  );
  return clauses.every((clause, index) => {
    if (index === clauses.length - 1 && (leadsIn.test(clause) || /^(?:.{0,60} and i|after review|x)$/.test(clause)))
      return true;
    return (
      clause === "" ||
      headed.test(clause) ||
      isPraise(clause) ||
      /^(?:after review|final|i|we|and|yes|ok|okay|great|perfect|there (?:is|are))$/.test(clause)
    );
  });
}

/** True where what follows an approval completes it, praises, or says what was found in order. */
function isTail(after: string): boolean {
  const [own = "", ...clauses] = after.split(/[,;(]|:(?=\s)|\s[-–—](?=\s)|[.!]/);
  return (
    tail.test(own.replace(/[^\w\s:=?-]+/g, " ")) &&
    clauses.every(
      (clause) =>
        isPraise(clause) || (!/^\s*(?:the|your|all)\b/.test(clause) && tail.test(clause.replace(/[^\w\s-]+/g, " "))),
    )
  );
}

const withdraws = (text: string) => negation.test(text) || objection.test(text);

interface Sentence {
  readonly said: string;
  /** True for an item of a list. */
  readonly listed: boolean;
  /** The whole line it stands on, as written. */
  readonly line: string;
}

/** Lower-case sentences without code, marks, and words of content; "Approved? Yes." is one. */
function sentencesOf(text: string): readonly Sentence[] {
  return proseOf(text)
    .toLowerCase()
    .split("\n")
    .filter((line) => !/^\W*(?:\[ \]|☐)/.test(line) || line.search(approval) >= 0)
    .flatMap((line) => {
      const item = /^[ \t>]{0,9}(?:[-*+•]|\d{1,3}[.)])[ \t]+/.exec(line)?.[0] ?? "";
      const plain = line
        .slice(item.length)
        .replaceAll("’", "'")
        .replace(/[*_#>~`]|\[x\]|☑/g, "")
        .replace(content, "");
      const sentences = plain.split(/(?<=[.!;]|\?(?!\W{0,4}(?:yes|true)))\s+|(?<=\s[-–—])\s+/);
      return sentences.map((said) => ({ said: said.trim(), listed: item !== "", line }));
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
