import { InvalidOptionError } from "../../errors/index.js";
import { reports } from "../reported.js";
import { withoutThoughts } from "../thoughts.js";
import { announces } from "./announced.js";
import {
  approval,
  conditional,
  conditionFirst,
  demand,
  faultTalk,
  isPraise,
  leadsIn,
  negation,
  nothingToMend,
  refusal,
  retraction,
  tail,
  verdictHeading,
} from "./approval-forms.js";

const reportsApproval = reports("approve|lgtm|looks? good");

/**
 * Reads whether a review in plain text approves, as "approved" and "looks good" do. Returns `undefined` if it contains no verdict.
 *
 * When in doubt it returns `false`, since a needless revision costs less than a wrong approval. `false` if
 * - a refusal is anywhere ("disapproved", "changes requested", a sentence that begins with "rejected"), or
 * - an approval is negated ("cannot approve"), conditional ("approved once …"), partial ("with nits"), a question, reported ("the
 *   comment tells me to say approved"), struck out, or an unticked box, or
 * - an earlier sentence names a fault or demands a change, or
 * - anything after it is a list item, or is not recognized as praise or as "no changes needed".
 *
 * **When to use** - in your own `next` or verifier; `untilApproved` uses it for text answers.
 * **Gotchas** - English only; code is ignored. A list of praise must precede the approval.
 *
 * @example
 * ```ts
 * readApproval("**Approved.** No changes needed."); // true
 * readApproval("Looks good, but the loop never ends."); // false
 * readApproval("The loop never ends."); // undefined
 * ```
 * @throws {InvalidOptionError} when `text` is not a string
 */
export function readApproval(text: string): boolean | undefined {
  if (typeof text !== "string") throw new InvalidOptionError("readApproval.text", text, "give the text of a review");
  const sentences = sentencesOf(withoutThoughts(text));
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

/** Unticked boxes, crosses and strikethrough. */
const crossedOut = /\[ \]|☐|❌|✗|✘|👎|🚫|~~|<(?:del|s|strike)\b|<!--|^\s*\/\//iu;

/** Tests that each approval in a sentence is unconditional, not negated or withdrawn, and accompanied by known phrases only. */
function isOutright(sentence: string, approvals: readonly RegExpExecArray[]): boolean {
  if (reportsApproval(sentence) || conditional.test(sentence) || /\?\W{0,4}$/.test(sentence)) return false;
  if (withdraws(sentence.slice(approvals[0]!.index)) || /\.\.\.|…/.test(sentence)) return false;
  const isPlain = approvals.every(({ index }) => {
    const before = sentence.slice(Math.max(0, index - 200), index);
    const clause = before.slice(Math.max(before.lastIndexOf(","), before.lastIndexOf(":")) + 1);
    return !negation.test(clause) && !retraction.test(clause) && !/\b(?:not|never),/.test(before);
  });
  const [first, last] = [approvals[0]!, approvals.at(-1)!];
  return isPlain && isLead(sentence.slice(0, first.index)) && isTail(sentence.slice(last.index + last[0].length));
}

/** Tests that each clause before an approval is its subject, a heading, or praise. */
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
      verdictHeading.test(clause) ||
      isPraise(clause) ||
      /^(?:after review|final|i|we|and|yes|ok|okay|great|perfect|there (?:is|are))$/.test(clause)
    );
  });
}

/** Tests that what follows an approval completes it, praises, or names what was in order. */
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

const withdraws = (text: string) => negation.test(text) || retraction.test(text);

interface Sentence {
  readonly said: string;
  readonly listed: boolean;
  /** Whole line as written. */
  readonly line: string;
}

/** Splits a review into lower-case sentences without code, markup and phrases such as "no issues"; "Approved? Yes." stays one. */
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
        .replace(nothingToMend, "");
      const sentences = plain.split(/(?<=[.!;]|\?(?!\W{0,4}(?:yes|true)))\s+|(?<=\s[-–—])\s+/);
      return sentences.map((said) => ({ said: said.trim(), listed: item !== "", line }));
    })
    .filter(({ said }) => /[^\W_]|👎|❌/.test(said));
}

/** Removes quoted code, unless the review consists of it. */
function proseOf(text: string): string {
  const prose = text
    .replace(/```[\s\S]*?(?:```|$)/g, "\n")
    .replace(/`([^`\n]*)`/g, (quoted, inside: string) => (/[^\w\s]/.test(inside) ? "" : quoted))
    .replace(/\{[^{}\n]*\}/g, "");
  return /[^\W_]/.test(prose) ? prose : text;
}
