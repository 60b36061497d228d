import { differsInLanguage } from "./language-of.js";
import { namesWithin, quotedWithin } from "./names-within.js";
import { negationsIn, oppositesIn } from "./negations.js";
import { isNumber, numbersWithin } from "./numbers-within.js";
import { listed, stemOf, wordsOf } from "./words.js";

/** Words that change no question: articles, politeness, auxiliary verbs. Question words, prepositions and persons stay. */
const fillers = listed(`
  a an the please kindly hi hello hey thanks thank you could can would do does did is are was were be been am will to of that this it there
  tell me show give explain let know say what which want i i'd i'm like need just really actually exactly so and then
  der die das den dem des ein eine einen einem einer bitte hallo danke ist sind war waren wird werden kann kannst konnte konntest mir mal zu und es denn eigentlich sag sage erklare ich was welche welcher welches
  le la les l un une des du de s'il te plait vous bonjour merci est sont etait peux pouvez puis je me dis moi et que quoi quel quelle quels quelles c d j m n ne s t qu
  el los las unos unas por favor hola gracias es son era puedo puedes podrias me di dime y de se que cual cuales
  il lo gli uno una per favore ciao grazie e sono mi puoi di del della si dimmi che quale quali
  o os as um uma favor ola obrigado sao pode me do da se diga qual quais`);

/** Auxiliary verbs of a time other than now; German `was` asks, and is in both questions or in none. */
const times = listed(`
  was were did had been will shall war waren wird werden hatte hatten wurde wurden konnte
  etait etaient sera seront avait era eran fue fueron sera seran habia erano sara saranno aveva foi eram`);

/**
 * Returns why the answer to one question may be wrong for the other, however near they are in meaning; `undefined` if nothing speaks against
 * it. Embeddings place "17 is prime" and "18 is prime" side by side, so this compares words.
 */
export function differenceOf(one: string, other: string): string | undefined {
  if (one === other) return undefined;
  if (differsInLanguage(one, other)) return "language";
  if (numbersWithin(one).join(" ") !== numbersWithin(other).join(" ")) return "numbers";
  if (negationsIn(one) !== negationsIn(other)) return "negation";
  const [words, others] = [wordsOf(one), wordsOf(other)];
  if (quotedWithin(one).some((word) => !others.includes(word))) return "names";
  if (quotedWithin(other).some((word) => !words.includes(word))) return "names";
  if (lacks(namesWithin(one), others) || lacks(namesWithin(other), words)) return "names";
  if (oppositesIn(words, others) !== undefined) return "opposites";
  if (timesIn(words) !== timesIn(others)) return "tense";
  const [said, otherSaid] = [contentOf(words), contentOf(others)];
  const [own, otherOwn] = [
    said.filter((word) => !otherSaid.includes(word)),
    otherSaid.filter((word) => !said.includes(word)),
  ];
  if (own.length > 0 || otherOwn.length > 0) return "words";
  return isReordered(said, otherSaid) ? "order" : undefined;
}

/** Returns true if a name is not among the words; numbers within names are compared as numbers. */
function lacks(names: readonly string[], words: readonly string[]): boolean {
  const known = new Set(words.map(stemOf));
  return names.some((name) => !known.has(stemOf(name)) && !isNumber(name));
}

/** Lists the auxiliary verbs of another time, each once. */
function timesIn(words: readonly string[]): string {
  return [...new Set(words.filter((word) => times.has(word)))].sort().join(" ");
}

/** Lists the words that make the question, in their basic form. */
function contentOf(words: readonly string[]): string[] {
  return words.filter((word) => !fillers.has(word) && !isNumber(word)).map(stemOf);
}

/** Returns true if the same words are in an order that may mean something else: "from A to B", "a dog bites a man". */
function isReordered(said: readonly string[], otherSaid: readonly string[]): boolean {
  return said.join(" ") !== otherSaid.join(" ");
}
