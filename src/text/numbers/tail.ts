import { type Amount, decimal, times } from "./amount.js";

/** What stands behind a number: its scale, unit and bound. */
export interface Tail {
  readonly end: number;
  readonly scale: Amount;
  /** True where the number is part of something else: a variable, a base, a bound, a compound measure. */
  readonly isUnsure: boolean;
  readonly hasUnit: boolean;
}

const scales: Readonly<Record<string, string>> = {
  hundred: "1e2",
  dozen: "12",
  thousand: "1e3",
  k: "1e3",
  lakh: "1e5",
  lakhs: "1e5",
  million: "1e6",
  mio: "1e6",
  mn: "1e6",
  crore: "1e7",
  crores: "1e7",
  billion: "1e9",
  bn: "1e9",
  trillion: "1e12",
  tn: "1e12",
  万: "1e4",
  亿: "1e8",
  億: "1e8",
  萬: "1e4",
};
const scale =
  /[ \u00a0-]?(hundred|dozen|thousand|lakhs?|million|mio|mn|crores?|billion|bn|trillion|tn)(?![A-Za-z])|(k)(?![A-Za-z/^])|\s?([万亿億萬])/iy;
const percent = /\s?%|\s(?:percent(?:age)?|per cent|pct)(?![A-Za-z])/iy;
const ordinal = /(?:st|nd|rd|th)(?![A-Za-z])/iy;
const raised = "(?:\\s?\\^\\s?\\{?-?\\d\\}?)?";
const unitWord = "[A-Za-zÀ-ɏµμΩ°€£¥₹]+\\.?(?<!\\.)";
const unit = new RegExp(
  `([ \\u00a0-]?)(${unitWord}${raised}(?:\\s?[/·×]\\s?[A-Za-zµμΩ]+${raised}|\\s[A-Za-z]{1,3}\\s?\\^\\s?\\{?-\\d\\}?){0,3})`,
  "y",
);
const measure =
  /^(?:[kcdmµμnMG]?(?:m|g|s|l|L|J|W|V|A|N|Pa|Hz|mol|eV)|h|min|hrs?|sec|mph|ft|in|lbs?|oz|deg|rad|[KCF]|°[CFK]?|[€£¥₹])$/;
const joining =
  /^(?:and|or|but|not|to|x|by|times|plus|minus|over|mod|is|was|are|were|be|in|on|at|of|from|per|through|until|vs|divided|remainder|r|out|more|less|fewer|than)$/i;
const denominator = /\s(?:out of|of|per|in every)(?: the| a)?(?: total(?: of)?| possible)?\s\d[\d,.]*(?<![,.])/iy;
const bound =
  /\s?\+(?=[\s.,;)]|$)|\s(?:or|and) (?:more|less|fewer|above|below|over|under|up|a half|a quarter|a third)(?![A-Za-z])/iy;
const foreign = /[₀-₉]|\s?(?:[_^]|\\[A-Za-z])|\(|\{|\s?<|[=]{2}/y;

const at = (pattern: RegExp, text: string, position: number) => {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
};

/** Reads what stands behind a number. In a formula (`isFormula`) a letter beside it is a variable: "3x", not "3 kg". */
export function tailAt(text: string, from: number, isFormula: boolean): Tail {
  let end = from;
  let factor: Amount = decimal("1");
  for (let found = at(scale, text, end); found && end - from < 40; found = at(scale, text, end)) {
    factor = times(factor, decimal(scales[(found[1] ?? found[2] ?? found[3] ?? "").toLowerCase()] ?? "1"));
    end = scale.lastIndex;
  }
  if (at(ordinal, text, end)) end = ordinal.lastIndex;
  if (at(percent, text, end)) {
    const isOf = at(denominator, text, percent.lastIndex) !== undefined; // "20% of 50"
    return { end: isOf ? denominator.lastIndex : percent.lastIndex, scale: factor, isUnsure: isOf, hasUnit: true };
  }
  const found = end === from || !/\d/.test(text[end] ?? "") ? at(unit, text, end) : undefined;
  const [, space = "", word = ""] = found ?? [];
  const name = word.split(/[\s/·×^]/)[0]!;
  const isUnit = found !== undefined && !(space !== "" && joining.test(name)) && !/^-/.test(space);
  const isVariable = isUnit && (isForeignLetter(name, space, isFormula) || isHalfTime(name, text[unit.lastIndex]));
  const last = isUnit ? unit.lastIndex : end;
  if (at(denominator, text, last))
    return { end: denominator.lastIndex, scale: factor, isUnsure: isVariable, hasUnit: true };
  const isUnsure = isVariable || at(bound, text, last) !== undefined || at(foreign, text, last) !== undefined;
  return { end: last, scale: factor, isUnsure, hasUnit: isUnit };
}

/** Tests for the first half of a time: "1h30". */
const isHalfTime = (name: string, next = "") => /^(?:h|min)$/i.test(name) && /\d/.test(next);

function isForeignLetter(name: string, space: string, isFormula: boolean): boolean {
  if (name.length > 2 || measure.test(name)) return isFormula && space === "" && /^[A-Za-z]$/.test(name);
  if (space === "") return name.length === 1 || isFormula;
  return name.length === 1 && (isFormula || /[xyz]/.test(name));
}
