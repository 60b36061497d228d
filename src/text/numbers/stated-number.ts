import { withoutFurtherQuestions } from "../further-questions.js";
import { lastBoxed } from "./boxed.js";
import { spelledNumber } from "./number-words.js";
import { plainNotation } from "./plain-notation.js";
import { type Quantity, quantitiesIn } from "./quantities.js";

/** A number that an answer states; `""` where it states something that is not one clear number. */
type Stated = string | undefined;

const heading =
  /####(?:\s{0,3}(?:the )?(?:final )?answer)?[^\p{L}\d\n.\-(√π\\]{0,20}((?:[a-z]\s?=\s?)?[-+.\d(√π\\][^\n]{0,200})/giu;
const fields = [/"final[_ -]?answer"\s{0,5}:\s{0,5}/gi, /"(?:answer|result|solution|value|number)"\s{0,5}:\s{0,5}/gi];
const statement =
  /(?:\banswer(?: to [^.:=\n]{1,60}| of [^.:=\n]{1,60})?(?:\s?[:=]{1,2}| (?:is|was|(?:would|must|should) be)(?![\p{L}])[ :]{0,3}|(?=\s{0,3}\n\s{0,3}[-\d\\]))|(?:\b(?:Antwort|Ergebnis|Respuesta|Réponse|Risposta|Resposta|Final result)|Ответ)\s?:|答案[是为為:]{0,2})\s{0,5}(?=([^\n]{1,300}))/giu;
const corrected = /(?:\b(?:wait|actually|correction|sorry|hold on)\b|^\W{0,5}no,)/i;
const namedAfter =
  /^\s?(?:is|was|would be) (?:(?:the|my|our|your) (?:(?:final|correct|right|exact) ){0,2}(?:answer|result|solution)|correct|right)\b/i;
/** The name of a number whose neighbour has another name: "x = 3, y =". */
const otherName = /(?<![\p{L}\d])(\p{L})\s?=\s?[-\d.]{1,20}\s?(?:,|;|,? and|&)\s(?!\1)\p{L}\s?=\s?$/u;
const lead =
  /^(?:[^\p{L}\d]|\b(?:about|approximately|approx|around|roughly|exactly|just|only|simply|a total of|therefore|equal to|is|USD|EUR|Rs|[a-z] ?=|the number|option|[a-z]{1,20} ?=)(?![\p{L}]))*$/iu;
const operation =
  /^(?:[,;]? ?(?:which|that|this|it) (?:is|equals|makes|gives|comes to)|,? ?(?:equals|makes|gives|i\.e\.|or)\s|[^\n=.;!?]{0,60}=)/i;
const calculates = /^\s?(?:more|less|fewer|times|plus|minus|divided|multiplied|added|subtracted|percent of|% of)\b/i;

/** Readings of a marked answer, the most reliable first. */
const readings: readonly ((plain: string, raw: string) => Stated)[] = [
  (plain) => ifFound(lastBoxed(plain), fromFormula),
  (plain) =>
    ifFound(
      [...plain.matchAll(heading)].filter(([, said]) => !/^\d{1,2}[.):]\s+\p{L}/u.test(said!)).at(-1)?.[1],
      fromSentence,
    ),
  (_plain, raw) => fromField(raw),
  fromStatement,
  fromEnd,
];

/** Reads the number that an answer states: boxed, after `####`, in a field, after "the answer is", else its last one. */
export function statedNumber(whole: string): string {
  const answer = withoutSources(withoutFurtherQuestions(whole));
  const plain = plainNotation(answer);
  for (const read of readings) {
    const value = read(plain, answer);
    if (value !== undefined) return value;
  }
  return "";
}

/** Removes a list of sources behind an answer. */
function withoutSources(text: string): string {
  const heading =
    /\n\s{0,3}[#*_ ]{0,6}(?:references|sources|citations|bibliography|works cited)[*_ ]{0,4}:?[*_ ]{0,4}\n/i;
  const at = heading.exec(text)?.index;
  return at === undefined || !/\d/.test(text.slice(0, at)) ? text : text.slice(0, at);
}

const ifFound = (said: string | undefined, read: (said: string) => Stated) =>
  said === undefined ? undefined : read(said);
const numberOf = (quantity: Quantity | undefined): Stated => quantity && (quantity.value ?? "");

/** Reads a box: one number and its unit, nothing else. */
function fromFormula(content: string): Stated {
  if (/=.*(?:\b(?:or|and)\b|,|;).*=/.test(content)) return ""; // x = 3 or x = 4
  const part = content.split("=").at(-1)!.trim();
  const whole = /^[^\d]*\d{1,3} \d{3}[^\d]*$/.test(part) ? part.replace(/(?<=\d) (?=\d)/, ",") : part;
  const found = quantitiesIn(whole, true).filter(({ isAside }) => !isAside);
  if (found.length === 0) return /\d/.test(whole) ? "" : (spelledNumber(whole) ?? "");
  const [only] = found;
  const rest = only && `${whole.slice(0, only.start)} ${whole.slice(only.end).replace(/ \((?!\d)[^()]*\)/g, " ")}`;
  if (found.length > 1 || rest === undefined) return "";
  return /[\\^_{}<>≤≥∈∪|!±×+*/[\]()∞]|(?<![A-Za-z'’])(?!a(?![A-Za-z]))[A-Za-z](?![A-Za-z])/.test(
    rest.replace(/^\s*\(\s|\s\)$/g, ""),
  )
    ? ""
    : numberOf(only);
}

/** Reads a sentence that begins with its number, or else ends with it; follows "=" and "which is". */
function fromSentence(sentence: string): Stated {
  const whole = /^\W*\d{1,3} \d{3}\W*$/.test(sentence) ? sentence.replace(/(?<=\d) (?=\d)/, ",") : sentence;
  const end = /(?<=[^\d\s.]{2}|[\d)\]}%°])[.!?]\s+(?=[\p{Lu}(])/u.exec(whole)?.index ?? whole.length;
  const found = quantitiesIn(whole.slice(0, end + 1)).filter(({ isAside }) => !isAside);
  const [first] = found;
  if (first === undefined) return spelledNumber(whole.slice(0, end));
  if (!lead.test(whole.slice(0, first.start)) || calculates.test(whole.slice(first.end))) return numberOf(found.at(-1));
  let chosen = first;
  for (const next of found.slice(1)) {
    const between = whole.slice(chosen.end, next.start);
    if (operation.test(between)) chosen = next;
    else if (/\p{L}|[.,;]\s/u.test(between)) break;
  }
  return numberOf(chosen);
}

/** Reads the field of a JSON answer that is named after it, also where the JSON is broken. */
function fromField(raw: string): Stated {
  for (const field of fields) {
    const match = [...raw.matchAll(field)].at(-1);
    if (match === undefined) continue;
    const rest = raw.slice(match.index + match[0].length, match.index + match[0].length + 1_000);
    const [several] = /^(?:\[[^\]]*\]|\{[^}]*\})/.exec(rest) ?? [];
    const members = several === undefined ? [] : quantitiesIn(several);
    if (members.length > 0) return members.length === 1 ? numberOf(members[0]) : "";
    const [text] = /^"(?:[^"\\\n]|\\.)*"/.exec(rest) ?? [];
    const said = text === undefined ? (/^[^,}\n]+(?:,\d{3}[^,}\n]*)*/.exec(rest)?.[0] ?? "") : unquoted(text);
    const value = lastBoxed(said) === undefined ? fromSentence(plainNotation(said)) : statedNumber(said);
    if (value !== undefined) return value;
  }
  return undefined;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

function fromStatement(plain: string): Stated {
  for (const match of [...plain.matchAll(statement)].reverse()) {
    const said = match[1]!;
    const after = plain.slice(match.index + match[0].length);
    const correction = corrected.exec(after);
    const later = correction && quantitiesIn(after.slice(correction.index)).at(-1);
    const value = later ? numberOf(later) : fromSentence(said);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Reads "12 is the answer", else the last number of the text that is no aside. */
function fromEnd(plain: string, raw: string): Stated {
  const whole = /^\W*\d{1,3} \d{3}\W*$/.test(plain) ? plain.replace(/(?<=\d) (?=\d)/, ",") : plain;
  const found = quantitiesIn(whole);
  const named = found.filter(({ end }) => namedAfter.test(whole.slice(end, end + 60))).at(-1);
  const bold = named ? undefined : boldNumber(raw);
  if (bold !== undefined) return bold;
  const last = named ?? found.filter(({ isAside }) => !isAside).at(-1) ?? found[0];
  if (last && last !== named && otherName.test(whole.slice(Math.max(0, last.start - 60), last.start))) return "";
  return last === undefined && !/\d/.test(plain) ? spelledNumber(plain) : numberOf(last);
}

/** Reads the one bold number of the last line. */
function boldNumber(raw: string): Stated {
  const line = raw.trimEnd().split("\n").at(-1)!;
  const bold = [...line.matchAll(/\*\*([^*\n]{1,40})\*\*(?!:)/g)].map(([, said]) => plainNotation(said!));
  const numbers = bold.map((said) => ({ said, found: quantitiesIn(said) })).filter(({ found }) => found.length > 0);
  const [only] = numbers;
  return only && numbers.length === 1 && only.found.length === 1 && lead.test(only.said.slice(0, only.found[0]!.start))
    ? numberOf(only.found[0])
    : undefined;
}
