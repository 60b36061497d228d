/** Digits in the notations of several countries, the longest form first. Each is a number only where no further digit follows. */
const forms: readonly (readonly [form: RegExp, read: (written: string) => string])[] = [
  [/\d{1,3}(?:\.\d{3}){1,9},\d{1,2}(?![\d,])/y, (written) => written.replaceAll(".", "").replace(",", ".")], // 1.234,50
  [/\d{1,9},\d{1,2}(?=\s?(?:[€%]|EUR\b|Euro\b))/y, (written) => written.replace(",", ".")], // 3,50 €
  [/\d{1,3}(?:\.\d{3}){2,9}(?![\d,.])/y, (written) => written.replaceAll(".", "")], // 1.234.567
  [/\d{1,3}(?:['’]\d{3}){1,9}(?:\.\d+)?(?!\d)/y, (written) => written.replace(/['’]/g, "")], // 1'234.50
  [/\d{1,3}(?:_\d{3}){1,9}(?:\.\d+)?(?![\d_])/y, (written) => written.replaceAll("_", "")], // 1_000_000
  [/\d{1,2}(?:,\d{2}){1,9},\d{3}(?:\.\d+)?(?![\d,]\d|\d)/y, (written) => written.replaceAll(",", "")], // 12,34,567
  [/\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}){2,9}(?:\.\d+)?(?!\d)/y, (written) => written.replace(/\s/g, "")], // 1 234 567
  [/\d{1,3}(?: \d{3})\.\d{1,6}(?!\d)/y, (written) => written.replace(" ", "")], // 1 234.50
  [/\d{1,3}[\u00a0\u2009\u202f]\d{3}(?:\.\d+)?(?!\d)/y, (written) => written.replace(/\s/, "")], // 1 234 with a thin space
  [/\d{1,3}(?:,\d{3}){1,12}(?!\d)(?:\.\d+)?/y, (written) => written.replaceAll(",", "")],
  [/\d+(?:\.\d+)?|\.\d+/y, (written) => written],
];
const exponent = /e[+-]?\d{1,3}(?!\w)/iy;

/** Reads an unsigned number without units: digits with one point and an exponent; undefined where there is no digit. */
export function digitsAt(text: string, at: number): { readonly digits: string; readonly end: number } | undefined {
  for (const [form, read] of forms) {
    form.lastIndex = at;
    const [written] = form.exec(text) ?? [];
    if (written === undefined) continue;
    exponent.lastIndex = at + written.length;
    const [power = ""] = exponent.exec(text) ?? [];
    return { digits: `${read(written)}${power}`, end: at + written.length + power.length };
  }
  return undefined;
}
