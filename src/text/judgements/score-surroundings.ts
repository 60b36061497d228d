import { reports } from "../reported.js";
import { blame, judgement, opensFeedback, praise } from "./evaluation-words.js";
import { conditionFirst, mention, takenBack } from "./hedges.js";
import { hypothetical } from "./score-forms.js";
import type { Scale } from "./score-number.js";

const reportsScore = reports("score|rating|grade|\\d");
/** Words for a whole score, unlike a partial one ("Style: 9/10"). */
const scoreTalk = /\b(?:scores?|scored|scoring|ratings?|rated|grades?|graded|marks|verdict)\b/i;
const partScore = /^(?:\W*[a-z][\w\s-]{0,40}[:=]\s*-?\d[\d./ ]*[.?!;,]?\W*){1,9}$/i;
const wordVerdict =
  /^(?:verdict|rating|grade)\s*:\s*(?:good|correct|acceptable|pass(?:ed)?|excellent|fair|mixed|solid|mostly \w+)\W*$/i;
const deserved = /\b(?:i|we)\s+\w+|\b(?:deserves|merits|earns|gets)\b/i;

const inverted =
  /\b(?:lower|less|smaller) is better\b|\b(?:inverted|reversed)\b|\b\d+\s*(?:is|=|means|being)\s*(?:the\s+)?(?:best|worst|lowest|highest)\b/i;

/** Introductions before a comma: "All things considered, 8/10". */
const evaluated =
  "(?:(?:the|its|these|those|this|that|all|few|some|minor|small|above|a|of)\\s+){0,4}(?:above|this|that|these|analysis|criteri(?:a|on)|rubric|points?|factors?|considerations?|strengths?|weaknesses|errors?|issues?|mistakes?|omissions?|inaccurac(?:y|ies)|flaws?|gaps?|typos?|both|accuracy|clarity|completeness|quality|evaluation|assessment)(?:\\s+(?:above|and\\s+(?:weaknesses|clarity|accuracy)))?";
const opener = new RegExp(
  "^(?:(?:so|and|but)\\s+)?(?:so|thus|therefore|hence|overall|finally|ultimately|accordingly|consequently|altogether|in (?:total|sum|summary|conclusion|short|all|the end)|" +
    "on (?:balance|the whole)|to (?:sum(?: it)? up|summarize|conclude)|all in all|all told|(?:all|these|those) (?:things|points)?\\s?considered|" +
    "taking (?:everything|it all|all (?:of )?(?:this|that|these)(?: points)?) (?:into (?:account|consideration)|together)|" +
    `(?:based on|considering|given(?! both)|in light of|in view of|weighing|despite|due to|because of) ${evaluated}|` +
    "with (?:all )?(?:this|that|these points) in mind|for (?:these|those|this|that) reasons?|as a result|in my (?:opinion|view|judge?ment|assessment)|feedback: .{0,200})$",
  "i",
);

/** Tests that a sentence before a score reports nothing and sets no condition. */
function isHarmlessSentence(sentence: string): boolean {
  const text = sentence.replace(/^\W+/, "");
  if (text === "" || partScore.test(text)) return !mention.test(text);
  if (reportsScore(text) || mention.test(text) || inverted.test(text) || conditionFirst.test(text)) return false;
  return (
    (!scoreTalk.test(text) || deserved.test(text) || wordVerdict.test(text)) && !/\btake .{0,20}back\b/i.test(text)
  );
}

/** Tests the text before a score on its line: whole sentences, and the beginning of the score's own sentence. */
export function isHarmlessBefore(before: string): boolean {
  const ends = [...before.matchAll(/[.!?;…]\s+|;\s*/g)].map((end) => end.index + end[0].length);
  const start = ends.at(-1) ?? 0;
  const sentences = before.slice(0, start).split(/(?<=[.!?;…])\s+/);
  if (!sentences.every(isHarmlessSentence)) return false;
  const semicolon = /;\s*$/.test(before.slice(0, start));
  const lead = before
    .slice(start)
    .replace(/[\s,;(|[–—-]+$/, "")
    .trim();
  const fragment = semicolon && lead === "" ? (sentences.at(-1) ?? "").replace(/;\s*$/, "") : lead;
  if (semicolon && lead !== "") return isLead(lead, before);
  return fragment === "" || isLead(fragment, before);
}

function isLead(lead: string, before: string): boolean {
  if (/^\d{1,2}[.)]?$/.test(lead) || opener.test(lead) || judgement.test(lead)) return true;
  if (/,\s*$/.test(before)) {
    return (
      partScore.test(lead) ||
      (/^(?:because|since|as)\b/i.test(lead) && opensFeedback.test(lead) && isHarmlessSentence(lead))
    );
  }
  return opensFeedback.test(lead.replace(/^feedback:\s*/i, "")) && isHarmlessSentence(lead) && !takenBack.test(lead);
}

/** Tests the text after a score on its line: a reason, a matching judgement, sentences about the answer. */
export function isHarmlessAfter(after: string, value: number, [low, high]: Scale): boolean {
  const middle = (low + high) / 2;
  const text = after.replace(hypothetical, " ").replace(/^\s*(?:points?|stars?)\b(?:\s*\))?/i, "");
  const pieces = text.split(/(?<=[.!?;…])\s+|(?<=;)|[()[\]]/).map((piece) => piece.trim());
  return pieces.every((piece, index) => {
    const plain = piece.replace(/^[\s,;:.!?…–—-]+|[\s.,;:!…–—-]+$/g, "");
    if (plain === "") return !piece.includes("?");
    if (contradicts(plain, value, middle)) return false;
    if (/^(?:overall|in total|in all|altogether|out of)$/i.test(plain)) return true;
    if (takenBack.test(plain) || mention.test(plain) || reportsScore(plain) || inverted.test(plain)) return false;
    if (scoreTalk.test(plain) || (denies.test(plain) && value > middle)) return false;
    return isFeedback(
      plain.replace(/^(?:but|and|though|although|however,?|while)\s+/i, ""),
      index === 0 && /^\w/.test(piece),
    );
  });
}

/** Reasons after a score without punctuation: "8 because …", "8 for clarity". */
const reason =
  /^(?:because\b|since\b|due to\b|though\b|although\b|as (?:it|(?:the|this) (?:answer|response|reply)) \w+|overall\b|in total\b|given (?:the|its|these|this|some|minor|small)\b|for (?:its|being|covering|naming|clarity|accuracy|correctness|(?:this|the) (?:answer|response|reply)$)|with (?:minor|small|slight|some|a few|few|no|only)\b)/i;

function isFeedback(text: string, direct: boolean): boolean {
  if (direct) return reason.test(text);
  return opensFeedback.test(text) || judgement.test(text) || /^for (?:clarity|accuracy|being)\b/i.test(text);
}

/** Denials, except of an omission ("does not name a source"). */
const denies =
  /\b(?:not|never|cannot)\b(?!\s+(?:\w+ly\s+)?(?:mention|cite|explain|name|give|include|cover|address|discuss|provide|show|list|define|perfect|entirely|fully))|n['’]t\b(?!\s+(?:\w+ly\s+)?(?:mention|cite|explain|name|give|include|cover|address|discuss|provide|show|list|define))/i;

const blamed = new RegExp(
  `^(?:(?:all|the|very|quite|completely|entirely|simply|totally|a|an)\\s+){0,2}(?:${blame.join("|")})\\b` +
    "|\\b(?:answer|response|reply|it|this)\\s+(?:is|was|remains)\\s+(?:\\w+ly\\s+|very\\s+|quite\\s+)?(?:wrong|incorrect|false|useless|unacceptable|poor|bad|terrible)\\b" +
    "|\\b(?:fails(?! to)|failed|rejected|worst|lowest)\\b|\\b(?:does|did) not pass\\b|\\bnot passed\\b",
  "i",
);
const praised = new RegExp(
  `^(?:(?:the|very|quite|a|an)\\s+){0,2}(?:best|highest|${praise.slice(0, 8).join("|")})\\b`,
  "i",
);

/** Tests for words that contradict the number: "10 (worst)", "1 (excellent)". */
export const contradicts = (text: string, value: number, middle: number): boolean =>
  (value > middle && blamed.test(text)) || (value < middle && praised.test(text));

/** Tests prose beside a score in a record. Reports of what an answer says are harmless, unless they concern a score. */
export function isHarmlessProse(text: string): boolean {
  const isOfScores = scoreTalk.test(text) || /\d/.test(text);
  return !reportsScore(isOfScores ? text : text.replace(/\b(?:says|said|states?|stated|claims?|claimed)\b/gi, " "));
}

/** Tests whether the line before a score only reports that score. */
export function onlyReports(line: string, score: number): boolean {
  const isOfScore = scoreTalk.test(line) || new RegExp(`(?<![\\d.])${score}(?!\\d|\\.\\d)`).test(line);
  return isOfScore && !partScore.test(line) && (reportsScore(line) || mention.test(line));
}
