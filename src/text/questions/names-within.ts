import { wordsOf } from "./words.js";

/** Lists the words of quotations, code and addresses, in lower case. */
export function quotedWithin(text: string): string[] {
  const quoted = [
    ...text.matchAll(/"([^"]{1,80})"|“([^”]{1,80})”|«([^»]{1,80})»|`([^`]{1,200})`|(https?:\/\/\S+|\S+@\S+\.\S+)/gu),
  ];
  return quoted.flatMap((match) => match.slice(1).filter((part) => part !== undefined)).flatMap(wordsOf);
}

/** Lists names in capitals and identifiers, in lower case. */
export function namesWithin(text: string): string[] {
  const found: string[] = [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_./+#-]*/gu)) {
    const begins =
      /(?:^|[.!?:;\n]["'“«(¿¡]*)\s*$/u.test(text.slice(Math.max(0, index - 8), index)) ||
      /^["'“«(¿¡]*$/u.test(text.slice(0, index));
    const isName = /^\p{Lu}/u.test(word) && word !== "I" && !begins;
    const isSign = /\p{L}.*\p{Lu}|\p{L}\d|\d\p{L}|_|[+#]$/u.test(word);
    if (isName || isSign) found.push(word);
  }
  return found.flatMap(wordsOf);
}
