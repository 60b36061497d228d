import { escapeRegExp } from "../text/escape-reg-exp.js";
import { announces, lastLineOf } from "../text/judgements/announced.js";
import { conditionFirst, mention } from "../text/judgements/hedges.js";
import { reports } from "../text/reported.js";

const reportsLabel = reports("label\\b");
/** Stands for the label while its sentence is compared with the forms below. */
const LABEL = "§";

const labelNoun =
  "(?:labels?|category|class|classification|choice|model|route|answer|result|output|fit|option|destination|decision|verdict|label that fits)";
const message = "(?:it|this|that|(?:the|this) (?:message|question|request|prompt|task))";
/** Beginnings of a sentence that chooses a label. */
const chooses = new RegExp(
  "^(?:(?:but|so|thus|hence|therefore|clearly|definitely|certainly|probably|overall|and|then) ?)?(?:here is )?(?:" +
    [
      `(?:(?:the|my|your|best|correct|right|selected|chosen|final|most|suitable|appropriate|fitting|predicted|assigned) )*${labelNoun}(?: (?:is|would be|should be))?`,
      "i(?:'d|'ll| would| will)? (?:choose|pick|say|select|go with|use|recommend|think(?: (?:it|this) is)?|(?:classify|label|route|send) (?:it|this|the (?:message|question))(?: as| to)?)",
      `${message}(?:'s| is)(?: clearly| definitely)?(?: about| best (?:answered|handled) by)?`,
      `${message} (?:belongs to|falls under|fits|concerns|matches|goes to|should (?:go to|be (?:routed|sent|assigned) to|be (?:classified|labell?ed) as))`,
      "(?:use|choose|pick|select|route (?:it |this )?to|send (?:it|this) to)",
    ].join("|") +
    `)?(?: (?:an?|the))?(?: ${labelNoun})?$`,
  "i",
);
/** Words that may follow a label without punctuation. */
const follows =
  /^(?:because|since|as it|category|label|class|model|questions?|requests?|message|here|for this|tasks?)\b/i;
/** Words that take a choice back, or make it conditional. */
const withdrawn =
  /\b(?:no|not|nope|never|wrong|wait|scratch|strike|kidding|joke|joking|sorry|my mistake|disregard|ignore|withdrawn|retract\w*|tak(?:e|ing) (?:it|that|this) back|actually|if|unless|once|assuming|provided|says|said|words|requested|instructed|or)\b|❌|👎|\?/iu;
const struck = /~~|<(?:del|s|strike)\b|<!--|\[ \]|☐|❌|✗|✘|👎|🚫/iu;
const denied = /(?:\b(?:not|never|neither|nor|isn['’]t|is not)|\bno)\s+(?:an?\s+|the\s+)?["'*`“‘]*$/i;

/** Reads the one label a text answer chooses; `undefined` for several, and for one that is reported, conditional or taken back. */
export function readLabel(text: string, labels: readonly string[]): string | undefined {
  if (reportsLabel(text) || struck.test(text)) return undefined;
  const longestFirst = [...labels].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const [letter, joint] = ["[\\p{L}\\p{M}\\p{N}]", "[-._]"]; // "fast" is not in "fast-2"
  const label = new RegExp(`(?<!${letter}${joint}?)(?:${longestFirst.join("|")})(?!${joint}?${letter})`, "giu");
  const found = new Set<string>();
  let said = "";
  let end = 0;
  for (const { index, 0: written } of text.matchAll(label)) {
    const before = text.slice(Math.max(end, index - 40), index);
    const denial = denied.exec(before)?.[0];
    if (denial === undefined) found.add(written.toLowerCase());
    said += text.slice(end, index - (denial?.length ?? 0)) + (denial === undefined ? LABEL : "");
    end = index + written.length;
  }
  if (found.size !== 1 || !isChosen(said + text.slice(end))) return undefined;
  return labels.find((name) => found.has(name.toLowerCase()));
}

/** Tests that the first sentence with the label chooses it, and that nothing around it takes the choice back. */
function isChosen(text: string): boolean {
  const whole = text.replace(/’/g, "'").slice(0, 4_000);
  const at = whole.indexOf(LABEL);
  const { last, lead } = lastLineOf(`${whole.slice(0, at)}${LABEL}`, (line) => /[^\s\W]|§/.test(line));
  const sentences = last
    .slice(0, last.indexOf(LABEL))
    .split(/(?<=[.!?])\s+/)
    .map(withoutMarks);
  const own = sentences.pop() ?? "";
  const clauses = own.split(/,|;|→|->|=>|\s[-–—]\s/).map((clause) => clause.replace(/[\s:=,;'–—-]+$/, "").trim());
  const choice = clauses.pop() ?? "";
  if (!chooses.test(choice.replace(/^\d+[.)] ?/, "")) || announces(withoutMarks(lead))) return false;
  if (
    [...sentences, ...clauses].some(
      (each) => mention.test(each) || conditionFirst.test(each) || /\blabel\b|\bitself\b/i.test(each),
    )
  )
    return false;
  const after = whole
    .slice(at + LABEL.length)
    .replace(/^["'*`”’_)\]}]+/, "")
    .replaceAll(LABEL, " ");
  if (/^ ?[\p{L}\p{N}]/u.test(after) && !follows.test(after.trim())) return false;
  return !withdrawn.test(after) && !mention.test(after) && !/\b(?:according to|as the)\b/i.test(after);
}

const withoutMarks = (line: string) =>
  line
    .replace(/["“”*_`#>{}[\]()✅]|^\s*-\s|<\w+>/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
