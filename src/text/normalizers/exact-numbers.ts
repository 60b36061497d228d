import { decimal, shownAmount } from "../numbers/amount.js";

/** Sign before a number that stands as a text, which no compared text begins with. */
export const exactSign = "\u0000";

const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Most signs of a number, and the highest exponent, of which the digits are written out. */
const longest = 400;

/** Writes the numbers of a JSON text that a double would round as texts, so that two different ones stay different. */
export function withExactNumbers(source: string): string {
  return source.replace(token, (written) => {
    const exact = written.startsWith('"') ? undefined : roundedNumber(written);
    return exact === undefined ? written : JSON.stringify(`${exactSign}${exact}`);
  });
}

/** Returns the numbers of a JSON text that a double would round, in order of their size. */
export function roundedNumbers(source: string): readonly string[] {
  return [...source.matchAll(token)]
    .flatMap(([written]) => (written.startsWith('"') ? [] : (roundedNumber(written) ?? [])))
    .sort();
}

/** Returns a number in one notation; undefined for one that a double holds. */
function roundedNumber(written: string): string | undefined {
  if (/^-?\d{1,15}$/.test(written)) return undefined;
  if (written.length > longest || Math.abs(Number(/e(.*)/i.exec(written)?.[1] ?? 0)) > longest)
    return written.toLowerCase();
  const exact = canonical(written);
  const held = Number(written);
  return Number.isFinite(held) && canonical(String(held)) === exact ? undefined : exact;
}

function canonical(written: string): string {
  const shown = shownAmount(decimal(written.replace("-", written.startsWith("-") ? "" : "-")));
  return written.startsWith("-") && shown !== "0" ? `-${shown}` : shown;
}
