const groups = "(?<=\\d)(?:\\{,\\}|\\\\?[$ ]?,\\s?\\\\!|\\\\?[$],|\\\\,)\\s?(?=\\d{3}(?!\\d))";
const vulgar: Readonly<Record<string, string>> = {
  "½": "1/2",
  "⅓": "1/3",
  "⅔": "2/3",
  "¼": "1/4",
  "¾": "3/4",
  "⅕": "1/5",
  "⅖": "2/5",
  "⅗": "3/5",
  "⅘": "4/5",
  "⅙": "1/6",
  "⅚": "5/6",
  "⅐": "1/7",
  "⅛": "1/8",
  "⅜": "3/8",
  "⅝": "5/8",
  "⅞": "7/8",
  "⅑": "1/9",
  "⅒": "1/10",
};
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const currency =
  "(?:(?:US|CA|AU|HK|NZ|C|A|S)?[$€£¥₹₩₽]|(?<![A-Za-z])(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|RMB|Rs\\.?)\\s?)";

/** Zeros of the scripts whose digits count: Arabic, Persian, Devanagari, Bengali, Thai. */
const zeros = [0x06_60, 0x06_f0, 0x09_66, 0x09_e6, 0x0e_50];

/** LaTeX, typographic and regional notations, with plain ones. The order counts. */
const notations: readonly (readonly [RegExp, string | ((...parts: string[]) => string)])[] = [
  [/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)],
  [
    /[٠-٩۰-۹०-९০-৯๐-๙]/g,
    (digit) => String(digit.charCodeAt(0) - zeros.findLast((zero) => zero <= digit.charCodeAt(0))!),
  ],
  [/(?<=\d)٫(?=\d)/g, "."],
  [/(?<=\d)٬(?=\d)/g, ","],
  [/(?<=\d)\s?[~～〜]\s?(?=\d)/g, "–"],
  [/^[ \t]*(?:>[ \t]?)+/gm, ""], // quotation marks of Markdown
  [/<sup>\s?(\d{1,3})\s?<\/sup>/gi, "^{$1}"],
  [/<sub>\s?(\w{1,3})\s?<\/sub>/gi, "_{$1}"],
  [/(?<=\s)\[((?=[^\][\n]{0,80}\p{L})[^\][\n]{1,160})\](?!\()/gu, "($1)"], // remarks: "18 [source: p. 12]"
  [/\[\/?[A-Z][A-Z_ ]{2,20}\]/g, " "], // [ANSWER]18[/ANSWER]
  [/\\n(?![a-z])/g, "\n"], // a line break in JSON
  [/<<[^<>\n]{1,200}>>/g, " "], // calculations of GSM8K
  [/\\{2}(?=[A-Za-z!,;:$%()[\]])/g, "\\"], // LaTeX in JSON
  [/\u2212|(?<![\w)\]}.])(?<!\d\s)[\u2012-\u2014\u207b](?=[\d.$€£])/g, "-"],
  [/[\u2010\u2011]/g, "-"],
  [
    /(\d?)\s?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])/g,
    (written, digit, sign) => (digit ? `${digit} ` : written.slice(0, -1)) + vulgar[sign!],
  ],
  [/\u2044/g, "/"],
  [
    /(?<=[\d)\]}A-Za-zπ²³])[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}/g,
    (raised) =>
      `^{${[...raised].map((sign) => (sign === "⁻" ? "-" : sign === "⁺" ? "" : superscripts.indexOf(sign))).join("")}}`,
  ],
  [new RegExp(groups, "g"), ","],
  [/\\(?:left|right|displaystyle|boldsymbol|bigl?|bigr)(?![A-Za-z])|\\!(?!\d{3})/g, ""],
  [/\\(?:text|textbf|textit|mathrm|mathbf|mathit|mbox|operatorname|bm|rm|bf)\s?\{([^{}]{0,80})\}/g, " $1"],
  [/\^\s?(?:\{\s?(?:\\circ|∘)\s?\}|\\circ|∘)|\\degrees?/g, "°"],
  [/\^\s?(?:\{\s{0,2}(?:st|nd|rd|th)\s?\}|(?:st|nd|rd|th)(?![A-Za-z]))/g, ""],
  [/\\(?:times|cdot|ast)(?![A-Za-z])|(?<=\d)\s?\*\*?(?=\s?10\s?(?:\*\*|\^))/g, "×"],
  [/(?<=\d)\*\*(?=-?\d)/g, "^"],
  [/\\(?:approx|simeq|sim|equiv|implies|Rightarrow|rightarrow|to|longrightarrow)(?![A-Za-z])|[≈≃≅⇒→]|[=-]>/g, "="],
  [/\\(?:pm|mp)(?![A-Za-z])/g, "±"],
  [/\\(?:leq?|geq?|lt|gt|neq?)(?![A-Za-z])/g, "<"],
  [/\\(?:quad|qquad|;|:|,|>|\s)|~(?!~)|\\[()[\]]|&nbsp;/g, " "],
  [/\\([%$#&_])/g, "$1"],
  [
    new RegExp(
      `(?<=${currency.replace("\\s?)", ")")}\\s?\\d[\\d,.]{0,20}\\s?)(?:([Mm])|([Bb]n?)|([Kk]))(?![A-Za-z])`,
      "g",
    ),
    (_all, million, billion) => (million ? " million" : billion ? " billion" : " thousand"),
  ],
  [new RegExp(`([-+]?)\\s?${currency}\\s?(?=[-+]?[\\d.])`, "g"), " $1"],
  [/\$/g, " "],
  [/~~[^~\n]{1,200}~~|<(?:s|del|strike)>[^<\n]{0,200}<\/(?:s|del|strike)>/g, " "],
  [/\*\*|__|`|<\/?[A-Za-z][A-Za-z_-]{0,20}\s?\/?>/g, ""],
  [/(?<![\d)}]\s?)\*|\*(?!\s?[\d(\\])|(?<!\w)_|_(?![\w{])/g, " "],
  [/(?<=[=({:≈]\s?)-\s(?=[\d\\√.])/g, "-"],
  [/(?<![\d%][\s\p{L}]{0,20})\b(?:minus|negative)\s(?=[\d\\.])/giu, "-"],
  [/ {2,}/g, " "],
];

/** Writes an answer's numbers in one plain notation: "10^6", "a/b", "×", "-", without markup, currency and LaTeX spacing. */
export function plainNotation(text: string): string {
  return notations.reduce<string>(
    (kept, [sign, written]) =>
      typeof written === "string" ? kept.replace(sign, written) : kept.replace(sign, written),
    text,
  );
}
