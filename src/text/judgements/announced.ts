import { isReported } from "../reported.js";

/** Words of a heading over a judge's own rating: "Here is my rating:". */
const headingWords =
  "evaluation|feedback|scores?|scoring|ratings?|grade|grading|verdict|assessment|judge?ment|conclusion|summary|results?|analysis|review|" +
  "here['’]s|explanation|reasoning|rationale|justification|comments?|decision|strengths|weaknesses|criteria|breakdown|label|category|classification|choice|" +
  "approval|status|final|overall|total|my|the|here|is|are|of|for|this|response|answer|message|code|and|a|an|by|on|in|json|quality|missing points|improvements|suggestions|(?:step-)?by-step|notes";
const core =
  /\b(?:evaluation|feedback|scor|rating|grad|verdict|assessment|judge?ment|conclusion|summary|analysis|review|explanation|reasoning|rationale|justification|comments?|decision|strengths|weaknesses|criteria|breakdown|label|category|classification|choice|approval|status|json|quality|missing points|improvements|suggestions)/i;
const heading = new RegExp(`^\\W*(?!.*\\b(?:answer|response|message) is)(?:(?:${headingWords})\\b\\W+)+$`, "i");

/** Complete sentences that point to the next line. */
const pointsAhead =
  /\b(?:as follows|the following|(?:like|on|than) this|(?:next|following|this) line|goes? like|below|says (?:this|so)|said this)\b[^.!?]{0,40}[.!?]?\W*$|^\W*(?:this|here)(?: is|['’]s| are) (?:what|how|its|the (?:author|user))\b/i;

/** Last words of a line that continues on the next one. */
const unfinished =
  /[a-z]{2,}\W+(?:.*\W)?(?:says?|said|states?|stated|reads?|writes?|wrote|claims?|claimed|contains?|continues?|includes?|appends?|adds?|prints?|outputs?|quotes?|is|are|was|be|get|gets|deserve|saying|stating|reading|claiming|giving|finds?|shows?|showing|wants?|demands?|with|by|from|to|of|in|that|the|its|an|and|or|as|like)$/i;
const quotation =
  /\b(?:quote[ds]?|quoting|quotation|verbatim|excerpt|(?:last|final|closing|first) (?:line|sentence|words?)|own words|(?:closes|ends|begins|opens|concludes|finishes|signs off) (?:with|on|in)|(?:from|in) the (?:answer|response|reply|text|prompt|message))\b/i;
const condition =
  /^\W*(?:if|once|unless|until|when|assuming|provided|suppos\w+|were|had|should|after|before|with|without|best case|ideally)\W+\w/i;
const fresh = /[.!?)\]]["'”’)\]*_]*$/;

/** Tests whether a line introduces the next one as a report, a quotation or a condition: "Its last line reads", "Once fixed:". */
export function announces(line: string): boolean {
  const text = line.trim();
  if (/[:：][\s*_"“'‘]*$/.test(text))
    return !(heading.test(`${text} `) && core.test(text) && !quotation.test(text)) && /[a-z]{2}/i.test(text);
  if ((text.match(/["“”]/g)?.length ?? 0) % 2 === 1 && /[a-z]{2,}\W+[a-z]{2,}/i.test(text)) return true;
  if (/^\W*(?:ignore|disregard|strike|forget|discard)\b.{0,20}\b(?:next|following|this|below)\b/i.test(text))
    return true;
  if (fresh.test(text)) return pointsAhead.test(text);
  if (/[a-z]{2}.*(?:[,…]|\s[-–—])$/i.test(text)) return true;
  return (
    unfinished.test(text.slice(-300)) ||
    quotation.test(text) ||
    condition.test(text) ||
    pointsAhead.test(text) ||
    isReported(text)
  );
}

/** Finds the last line of a text with content, and the line that leads to it: for a quotation or a fence, the line before it. */
export function lastLineOf(
  text: string,
  hasContent: (line: string) => boolean,
): { readonly last: string; readonly lead: string } {
  const lines = text.split("\n");
  const at = lines.findLastIndex((line) => hasContent(line) && !isFence(line));
  if (at < 0) return { last: "", lead: "" };
  const last = lines[at]!;
  const fences = lines.slice(0, at).flatMap((line, index) => (isFence(line) ? [index] : []));
  const isQuoted = /^\s*>/.test(last);
  let before = fences.length % 2 === 1 ? fences.at(-1)! - 1 : at - 1;
  while (
    before >= 0 &&
    ((isQuoted && /^\s*>/.test(lines[before]!)) || isFence(lines[before]!) || !hasContent(lines[before]!))
  )
    before--;
  return { last, lead: before < 0 ? "" : lines[before]! };
}

const isFence = (line: string) => /^[\s>]*(?:```|~~~)/.test(line);
