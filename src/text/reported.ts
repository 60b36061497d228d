const judge = "(?:me|us|the\\s+(?:judge|rater|grader|reviewer|evaluator|classifier))";
const speaker =
  "(?:it|they|he|she|answer|response|reply|text|author|user|prompt|message|comment|code|file|document|draft|work|writer|assistant|candidate|submission|essay|student|respondent|model)";

/** Signs that a text reports what another speaker says, requests or claims. */
const reportSigns = [
  "\\binject(?:s|ed|ion|ions)?\\b|\\bmanipulat\\w*|\\bjailbreak\\w*",
  `\\b(?:make|makes|making|get|gets|force|forces|trick\\w*|ask|asks|asking|tell|tells|telling|told|want|wants|order|orders|urge|urges|instruct\\w*|command\\w*)\\s+${judge}\\b`,
  `\\b${speaker}\\s+(?:wants|demands|demanded|claims|claimed|asks\\s+for|requests|requested|insists|insisted|says|said|states|stated)\\b(?!\\s+(?:nothing|(?:(?:so|too|very)\\s+)?(?:little|much))(?:\\s+(?:of|about|on)\\b|\\s*[.;]))`,
  "\\b(?:tries|try|trying|tried|attempts?|attempting|attempted)\\s+to\\s+(?:influence|make|get|force|trick|set|fake|steal)\\b",
  "\\bas\\s+(?:asked|told|instructed|demanded|requested|ordered|claimed)\\b",
];

const anywherePattern = new RegExp(reportSigns.join("|"), "i");

/** Tests for any report: an attempt to steer the reader, or another speaker than the writer. */
export const isReported = (text: string): boolean => anywherePattern.test(text);

/** Makes a test for a text that reports a statement (given by an expression for its beginning) instead of making it. */
export function reports(statement: string): (text: string) => boolean {
  const said =
    "(?<!\\bi(?:['’]d| would)? )\\b(?:say|says|said|state|states|claim|claims|read|reads|write|writes|wrote|demand|demands|insist|insists|output|print)" +
    `\\W{1,3}(?:that\\s+)?(?:an?\\s+)?(?:${statement}|["“”'‘])`;
  const pattern = new RegExp([...reportSigns, said].join("|"), "i");
  return (text) => pattern.test(text);
}
