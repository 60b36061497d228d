import { digitsAt } from "../numbers/digits.js";
import { wordsOf } from "./words.js";

/** Small numbers in words, the same place is the same number; accents are dropped. */
const spelled: readonly (readonly [value: string, words: string])[] = [
  ["0", "zero null nul cero"],
  ["1", "one first once eins erste ersten erster un uno primer primero premier prima primo een eerste"],
  ["2", "two second twice zwei zweite zweiten deux deuxieme dos segundo due secondo dois duas twee tweede"],
  ["3", "three third drei dritte dritten trois troisieme tres tercero tre terzo terceiro drie derde"],
  ["4", "four fourth vier vierte quatre cuatro quattro quatro"],
  ["5", "five fifth funf funfte cinq cinco cinque vijf"],
  ["6", "six sixth sechs sechste seis sei zes"],
  ["7", "seven seventh sieben siebte sept siete sette sete zeven"],
  ["8", "eight eighth acht achte huit ocho otto oito"],
  ["9", "nine ninth neun neunte neuf nueve nove negen"],
  ["10", "ten tenth zehn dix diez dieci dez tien"],
  ["11", "eleven elf onze once undici"],
  ["12", "twelve dozen zwolf douze doce dodici twaalf"],
  ["13", "thirteen dreizehn treize trece tredici"],
  ["14", "fourteen vierzehn quatorze catorce quattordici"],
  ["15", "fifteen funfzehn quinze quince quindici"],
  ["16", "sixteen sechzehn seize dieciseis sedici"],
  ["17", "seventeen siebzehn dix-sept diecisiete diciassette"],
  ["18", "eighteen achtzehn dieciocho diciotto"],
  ["19", "nineteen neunzehn diecinueve diciannove"],
  ["20", "twenty zwanzig vingt veinte venti"],
  ["30", "thirty dreissig trente treinta trenta"],
  ["40", "forty vierzig quarante cuarenta quaranta"],
  ["50", "fifty funfzig cinquante cincuenta cinquanta"],
  ["0.5", "half halb halbe halben demi media mezzo meia"],
  ["100", "hundred hundert cent cien cento cem honderd"],
  ["1000", "thousand tausend mille mil duizend"],
];
/** Articles in some languages, and `once` in English and Spanish: what has two meanings is not read. */
const unclear = new Set(["un", "uno", "once", "six", "tres", "due", "sei", "dos"]);
const values = new Map(
  spelled
    .flatMap(([value, words]) => words.split(" ").map((word) => [word, value] as const))
    .filter(([word]) => !unclear.has(word)),
);
values.set("six", "6").set("dos", "2").set("tres", "3");

/** Roman numerals that are no other word. */
const romans: Readonly<Record<string, string>> = { II: "2", III: "3", IV: "4", VI: "6", VII: "7", VIII: "8", IX: "9" };

/** Lists the numbers of a text in order, written in digits, as small number words or as Roman numerals. */
export function numbersWithin(text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .replace(
      /\p{L}[\p{L}\p{M}]*(?:-\p{L}[\p{L}\p{M}]*)*/gu,
      (word) => romans[word] ?? values.get(wordsOf(word).join("-")) ?? word,
    );
  const found: string[] = [];
  for (let at = 0; at < plain.length; at++) {
    const number = /[\d.]/.test(plain[at]!) ? digitsAt(plain, at) : undefined;
    if (number === undefined) continue;
    found.push(String(Number(number.digits)));
    at = number.end - 1;
  }
  return found;
}

/** Returns true for a word that `numbersWithin` reads. */
export const isNumber = (word: string) => values.has(word) || /^\d+$/.test(word) || word.toUpperCase() in romans;
