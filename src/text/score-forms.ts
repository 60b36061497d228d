import { reports } from "./reported.js";

/** Words that are numbers: the place of each is its value. */
export const numberWords = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

const amount = `(?:\\d{1,6}(?:\\.\\d{1,6})?|${numberWords.join("|")})(?!\\w|[.,]\\d)`;
const share = `(?:\\s{0,3}(?:/|out of|of)\\s{0,3}(?<top>${amount})|\\s{0,2}(?<percent>%))?`;
/** A number with its scale, "8/10" or "80 %": the groups `value`, `top` and `percent`. */
const score = `(?<value>-?${amount})${share}`;
const plainScore = score.replace(/\?<\w+>/g, "?:");

/** A word in its own right. */
const words = (...list: readonly string[]) => `\\b(?:${list.join("|")})\\b`;

/** What makes a number behind a label part of something longer: a sum, a range, a comparison, a condition, a question. */
const goesOn = `\\s*(?:[+/=<>→⇒^×÷±~]|[-–—]+>|[-–—]\\s*(?:\\d|${numberWords.join("|")})|[x*]\\s*\\d|:\\d|\\?)|\\s+${words(
  ...[
    "or",
    "to",
    "and",
    "at",
    "minus",
    "plus",
    "less",
    "lower",
    "higher",
    "below",
    "above",
    "than",
    "times",
    "is",
    "was",
  ],
  ...[
    "were",
    "are",
    "would",
    "could",
    "should",
    "might",
    "may",
    "can",
    "cannot",
    "if",
    "unless",
    "only",
    "once",
    "when",
  ],
  ...["until", "till", "after", "before", "but", "not", "no", "never", "nor", "rather", "instead"],
  ...["points? (?:off|lower|higher|less|more|below|above)", "for (?:an?|any)"],
)}`;
/** What may follow a number that only its place makes a score. */
const isWhole = `(?=\\s*(?:$|[.!,;)\\]]|:(?!\\d)|\\(|[-–—](?!\\s*[\\d>])|${words(
  ...[
    "because",
    "since",
    "as",
    "due",
    "given",
    "overall",
    "in total",
    "stars?",
    "points?(?! (?:off|lower|higher|less|more))",
  ],
)}))(?!\\.\\d)`;

const owner =
  "(?:(?:my|the|your|its|final|overall|total|quality|numeric|judge['’]s|answer['’]s|combined|average|net)\\s+){0,3}";
const label = `${owner}(?:score|rating|grade|mark|yours)(?:\\s+(?:for|of)\\s+(?:this|the|that)\\s+(?:answer|response|reply))?(?:\\s*\\(\\s*\\))?`;
const sum = `(?:${plainScore}(?:\\s*[-+×x*]\\s*${plainScore})*\\s*(?:=>?|[-–—]+>|→|⇒)\\s*){0,3}`;
const moves =
  "\\s+(?:falls|drops|fell|dropped|goes|went|rises|rose|moves|moved|(?:is|was)\\s+(?:lowered|raised|reduced|changed))" +
  `(?:\\s+from\\s+${plainScore})?(?:\\s+(?:down|up))?\\s+to`;
const link = `(?:\\s*[:=]|\\s+[-–—](?=\\s)|\\s+is|\\s+of|${moves})?\\s*(?:an?\\s+)?`;
const it = "(?:it|this|that|(?:the|this)\\s+(?:answer|response|reply))";
const opening =
  "(?:(?:so|thus|therefore|hence|overall|finally|in\\s+(?:total|sum|summary|conclusion)|on\\s+balance)\\b[,:]?\\s*)?";

/** How a sentence begins that states a score, in place of one that mentions it. */
const heads: readonly string[] = [
  `${label}${link}${sum}${score}(?!${goesOn})(?:${isWhole}|(?=\\s+(?:for|in|on|by|with|from|so|though|although|however|out)\\b))`, // Score: 8
  `i(?:['’](?:d|ll)|\\s+(?:would|will))?\\s+(?:rate|rated|score|scored|grade|graded|give|gave|assign|award|say)[:\\s]\\s*(?:(?:it|this|that|the|answer|response|reply|is|an?|at|as|score|rating|grade|of|overall)[:\\s]\\s*){0,6}${score}(?!${goesOn})`, // I give it an 8
  `${it}\\s+(?:deserves|gets|earns|scores|merits|receives|rates|is\\s+worth)\\s+(?:(?:an?|score|rating|grade|of)\\s+){0,4}${score}${isWhole}`, // it deserves an 8
  `(?:overall|total|verdict|assessment|evaluation|result)\\s*[:=,-]?\\s*${score}${isWhole}`, // Overall: 8/10
  `[:,]?\\s*${score}${isWhole}`, // 8/10
];

/** The one form that needs a scale behind its number unless it is all there is. */
export const bareForm = heads.length - 1;

/** The heads as expressions that match at the place they are set to. */
export const headForms: readonly RegExp[] = heads.map((head) => new RegExp(`${opening}${head}`, "iy"));

/** A conclusion at the end of what was weighed: "…, so 4 overall". */
export const conclusion = new RegExp(
  `${words("so", "thus", "hence", "therefore", "which makes", "making it", "giving")},?\\s+(?:(?:an?|it|a total of)\\s+)?${score}\\s+(?:overall|in total|in all|altogether)[.!]?$`,
  "i",
);

/** Any number, wherever it stands. */
export const anyNumber = new RegExp(`(?<![\\w.,])${score}`, "gi");

/** Places where a sentence may begin: the line, behind the one before, and behind a comma, a dash, a bar or a bracket. */
export const beginnings = /^|(?<=[.!?;])\s+|(?<=[,|(])\s*|(?<=\s[-–—])\s+/g;

/** Tells whether a line speaks of a score somebody else asks for or claims. */
const reportsScore = reports("score|rating|grade|\\d");
export const isReported = (line: string): boolean => reportsScore(line) || ownClaim.test(line);
const ownClaim = /\b(?:itself|its\s+own)\s+(?:an?\s+)?(?:score|rating|grade|\d)/i;

/** What keeps a score that follows it in the same sentence from being stated. */
export const withheld = /\b(?:not|never|no|cannot|if|unless|would|could|might|should|than|between|n['’]t)\b|["“”«»]/i;

/** What takes a stated score back, or makes it depend on something. */
export const takenBack =
  /\b(?:wait|scratch that|kidding|joking|second thoughts?|correction|i mean|or rather|not really|never mind|hold on|take (?:it|that) back|if|unless|provided|assuming|as long as|had (?:it|this|that)|says|said|claims?|hypothetical(?:ly)?|best case|before|deducted|penalty)\b|\bnot[.!]?$/i;

/** What a higher score would need is no other score: "a 9 would need sources". */
export const hypothetical = new RegExp(
  `(?:^|(?<=[.!?;]\\s))(?:but\\s+|for\\s+)?an?\\s+(?:(?:score|rating|grade)\\s+of\\s+)?${plainScore}\\s*,?\\s+(?:(?:would|could|needs?|requires?)\\b|(?:it|one)\\s+would\\b)[^.!?;\\d]{0,200}(?:[.!?;]|$)`,
  "gi",
);

/** Words behind a number that leave it a number; any other one makes it an amount of something ("3 causes"). */
export const leavesNumber = new Set([
  ...[
    "for",
    "in",
    "on",
    "at",
    "of",
    "to",
    "or",
    "and",
    "but",
    "is",
    "was",
    "are",
    "were",
    "be",
    "would",
    "could",
    "should",
  ],
  ...["might", "may", "if", "as", "so", "by", "with", "from", "than", "then", "because", "since", "overall", "total"],
  ...[
    "instead",
    "only",
    "though",
    "although",
    "however",
    "not",
    "also",
    "when",
    "out",
    "point",
    "points",
    "star",
    "stars",
  ],
  ...["mark", "marks", "score", "rating", "grade", "now", "really", "actually", "rather", "altogether", "due", "given"],
]);

/** What makes the number behind it a name. */
export const numbered =
  /(?:\b(?:lines?|steps?|pages?|sections?|chapters?|items?|questions?|parts?|examples?|figures?|tables?|versions?|paragraphs?|equations?|numbers?|rules?|levels?)|[#§№])\s*$/i;
