import { numberWords, plainScore, scoreSource } from "./score-number.js";

const anyWord = (list: string) => `\\b(?:${list})\\b`;

/** Continuations that make a number part of something longer: a sum, a range, a comparison, a condition, a question. */
const goesOn = `\\s*(?:[+/=<>→⇒^×÷±~]|[-–—]+>|[-–—]\\s*(?:\\d|${numberWords.join("|")})|[x*]\\s*\\d|:\\d|\\?)|\\s+${anyWord(
  "or|to|and|at|minus|plus|less|lower|higher|below|above|than|times|is|was|were|are|would|could|should|might|may|can|cannot|" +
    "if|unless|only|once|when|until|till|after|before|but|not|no|never|nor|rather|instead|" +
    "points? (?:off|lower|higher|less|more|below|above)|for (?:an?|any)",
)}`;

/** What may follow a number that only its position makes a score. */
const isWhole = `(?=\\s*(?:$|[.!,;)\\]…]|:(?!\\d)|[([]|[-–—](?!\\s*[\\d>])|${anyWord(
  "because|since|as|due|given|overall|in total|stars?|points?(?! (?:off|lower|higher|less|more))",
)}))(?!\\.\\d)`;

const owner =
  "(?:(?:my|the|your|its|final|overall|total|quality|numeric(?:al)?|assigned|judge['’]s|answer['’]s|combined|average|net)\\s+){0,3}";
const label = `${owner}(?:score|rating|grade|mark|yours)(?:\\s+(?:for|of)\\s+(?:this|the|that)\\s+(?:answer|response|reply))?(?:\\s*\\(\\s*\\)|\\s+i\\s+(?:would\\s+)?(?:assign|give))?`;
const sum = `(?:${plainScore}(?:\\s*[-+×x*]\\s*${plainScore})*\\s*(?:=>?|[-–—]+>|→|⇒)\\s*){0,3}`;
const changesTo =
  "\\s+(?:falls|drops|fell|dropped|goes|went|rises|rose|moves|moved|(?:is|was)\\s+(?:lowered|raised|reduced|changed))" +
  `(?:\\s+from\\s+${plainScore})?(?:\\s+(?:down|up))?\\s+to`;
const link = `(?:\\s*[:=]|\\s+[-–—](?=\\s)|\\s+is|\\s+of|${changesTo})?\\s*(?:an?\\s+)?`;
const it = "(?:it|this|that|(?:the|this)\\s+(?:answer|response|reply))";
const opening =
  "(?:(?:so|thus|therefore|hence|overall|finally|in\\s+(?:total|sum|summary|conclusion)|on\\s+balance)\\b[,:]?\\s*){0,2}(?:i\\s+(?:think|believe|feel|find)\\s+(?:that\\s+)?)?";

/** Beginnings of a sentence that states a score instead of mentioning it. */
const heads: readonly string[] = [
  `${label}${link}${sum}${scoreSource}(?!${goesOn})(?:${isWhole}|(?=\\s+(?:for|in|by|with|though|although|however)\\b))`, // Score: 8
  `(?:i|we)(?:['’](?:d|ll)|\\s+(?:would|will))?\\s+(?:rate|rated|score|scored|grade|graded|give|gave|assign|award|say)[:\\s]\\s*(?:(?:it|this|that|the|answer|response|reply|is|an?|at|as|score|rating|grade|of|overall)[:\\s]\\s*){0,6}${scoreSource}(?!${goesOn})`, // I give it an 8
  `${it}\\s+(?:deserves|gets|earns|scores|merits|receives|rates|is\\s+worth)\\s+(?:(?:an?|score|rating|grade|of)\\s+){0,4}${scoreSource}${isWhole}`, // it deserves an 8
  `(?:this|it)\\s+is\\s+an?\\s+${scoreSource.replace(/\)\?$/, ")")}${isWhole}`, // this is an 8/10
  `(?:(?:final|overall|my)\\s+)?(?:overall|total|verdict|assessment|evaluation|result)(?:\\s+quality)?\\s*[:=,-]?\\s*${scoreSource}${isWhole}`, // Overall: 8/10
  `i(?:['’]?ll|['’]d|\\s+would|\\s+will)\\s+(?:go\\s+with|(?:rate|score)\\s+it)\\s+(?:an?\\s+)?${scoreSource}${isWhole}`, // I'd go with an 8
  `(?:i(?:['’]m|\\s+am)\\s+)?giving\\s+(?:it|this(?:\\s+(?:answer|response))?)\\s+(?:an?\\s+)?(?:score\\s+of\\s+)?${scoreSource}${isWhole}`, // I am giving it an 8
  `a\\s+(?:score|rating)\\s+of\\s+${scoreSource}\\s+is\\s+(?:appropriate|fair|justified|warranted|deserved|right)${isWhole}`, // a score of 8 is fair
  `[:,]?\\s*${scoreSource}${isWhole}`, // 8/10
];

/** Form that needs a scale after its number, unless the number is alone. */
export const bareForm = heads.length - 1;

export const headForms: readonly RegExp[] = heads.map((head) => new RegExp(`${opening}${head}`, "iy"));

/** Conclusions after weighing: "…, so 4 overall". */
export const conclusion = new RegExp(
  `${anyWord("so|thus|hence|therefore|which makes|making it|giving")},?\\s+(?:(?:an?|it|a total of)\\s+)?${scoreSource}\\s+(?:overall|in total|in all|altogether)[.!]?$`,
  "i",
);

/** Places where a sentence may begin: the line start, after a sentence, a comma, a dash, a bar or a bracket. */
export const beginnings = /^|(?<=[.!?;…])\s+|(?<=[,|(])\s*|(?<=\s[-–—])\s+/g;

/** Conditions for a higher score, such as "a 9 would need sources". */
export const hypothetical = new RegExp(
  `(?:^|(?<=[.!?;]\\s))(?:but\\s+|for\\s+)?an?\\s+(?:(?:score|rating|grade)\\s+of\\s+)?${plainScore}\\s*,?\\s+(?:(?:would|could|needs?|requires?)\\b|(?:it|one)\\s+would\\b)[^.!?;\\d]{0,200}(?:[.!?;]|$)`,
  "gi",
);
