import { listed, wordsOf } from "./words.js";

/** Frequent words that tell languages of one script apart; accents are dropped. */
const markers: readonly (readonly [language: string, words: ReadonlySet<string>])[] = [
  [
    "en",
    listed(
      "the of and to is are was were does did do what how who which when where why can i you my your it for with this that",
    ),
  ],
  [
    "de",
    listed(
      "der die das den dem des und ist sind war wie was wer wo wann warum welche welcher welches ich du mein meine nicht ein eine einen fur mit von zu kann im am auf wird",
    ),
  ],
  [
    "fr",
    listed(
      "le la les l'a des du et est sont etait comment quel quelle quels que qui quand pourquoi ou je tu mon ma mes pas un une pour avec de puis peut dans est-ce",
    ),
  ],
  [
    "es",
    listed(
      "el la los las de del y es son era como que quien cual cuales cuando donde por porque yo tu mi mis no un una para con puedo puede en",
    ),
  ],
  [
    "it",
    listed(
      "il lo la gli le di del della e sono era come che chi quale quali quando dove perche io tu mio mia non un una per con posso puo in nel",
    ),
  ],
  [
    "pt",
    listed(
      "o a os as de do da e sao era como que quem qual quais quando onde por porque eu meu minha nao um uma para com posso pode em no na",
    ),
  ],
  [
    "nl",
    listed(
      "de het een en is zijn was hoe wat wie welke wanneer waar waarom ik jij mijn niet voor met van te kan in op wordt",
    ),
  ],
];

const scripts = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Arabic",
  "Hebrew",
  "Devanagari",
  "Thai",
] as const;
const scriptTests = scripts.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "gu")] as const);

/** Returns the script that most letters of a text have. */
function scriptOf(text: string): string | undefined {
  const counts = scriptTests.map(([script, test]) => [script, text.match(test)?.length ?? 0] as const);
  const [script, count] = counts.reduce((most, each) => (each[1] > most[1] ? each : most));
  if (count === 0) return undefined;
  return counts.some(([name, kana]) => /gana|kata/i.test(name) && kana > 0) ? "Japanese" : script;
}

/** Points of each language whose frequent words a text has. */
function pointsOf(text: string): ReadonlyMap<string, number> {
  const words = wordsOf(text);
  return new Map(markers.map(([language, known]) => [language, words.filter((word) => known.has(word)).length]));
}

/** Returns true if two texts are certainly in different languages: other scripts, or frequent words of two languages. */
export function differsInLanguage(one: string, other: string): boolean {
  const [script, otherScript] = [scriptOf(one), scriptOf(other)];
  if (script !== otherScript) return script !== undefined && otherScript !== undefined;
  if (script !== "Latin") return false;
  const [points, otherPoints] = [pointsOf(one), pointsOf(other)];
  const best = (of: ReadonlyMap<string, number>) => Math.max(...of.values());
  if (best(points) === 0 || best(otherPoints) === 0) return false;
  const shared = [...points].some(
    ([language, count]) => count === best(points) && otherPoints.get(language) === best(otherPoints),
  );
  return !shared;
}
