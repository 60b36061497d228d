import { textOfHex, toBase64, toHex, utf8 } from "../text/bytes.js";
import { escapeRegExp } from "../text/escape-reg-exp.js";

export const redacted = "[redacted]";

/** Base64 characters; adjacent ones belong to the same encoded text. */
const around = /[A-Za-z0-9+/=_-]/;

/** Finds one secret in a text, in any encoding. */
export interface Finder {
  /** Encoded forms; a text without any of them, raw or unescaped, does not contain the secret. */
  readonly forms: readonly string[];
  /** Returns the text without the secret. */
  readonly mask: (text: string) => string;
}

/** Minimum length of a secret; a shorter one could be a word. */
export const shortestSecret = 8;

/** Minimum length of a prefix that counts as a truncated secret, and of secrets checked for truncation. */
export const shortest = { start: 12, cut: 16 };

/**
 * Makes a finder for a secret: raw, percent-encoded, escaped as in JSON or HTML, and hexadecimal or base64 of these, also inside
 * a longer text (`user:key`).
 */
export function finderOf(secret: string): Finder {
  let escaped: RegExp | undefined;
  let anyCase: RegExp | undefined;
  const lower = secret.toLowerCase();
  const written = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
  const bytes = [...new Set(written)].map(utf8);
  const encoded = [...new Set(bytes.flatMap(base64Forms))];
  const hex = bytes.flatMap((each) => [toHex(each), toHex(each).toUpperCase()]);
  const all = [...new Set([...written, secret.replaceAll(" ", "+"), ...encoded, ...hex])];
  return {
    forms: all,
    mask(text) {
      let masked = text.includes(secret) ? text.replaceAll(secret, redacted) : text;
      if (masked.toLowerCase().includes(lower)) {
        anyCase ??= new RegExp(escapeRegExp(secret), "gi");
        masked = masked.replace(anyCase, redacted);
      }
      if (/[%\\&]/.test(masked) || (masked.includes("+") && secret.includes(" "))) {
        escaped ??= escapedForm(secret);
        masked = masked.replace(escaped, redacted);
      }
      for (const form of encoded) if (masked.includes(form)) masked = maskRuns(masked, form);
      for (const form of hex) masked = masked.replaceAll(form, redacted);
      if (masked.includes("\n")) masked = maskWrapped(masked, all);
      return secret.length < shortest.cut ? masked : maskCut(masked, secret);
    },
  };
}

/** Returns the invariant base64 of some bytes within any longer text, for each of three alignments. */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const forms = [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const whole = toBase64(shifted);
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return forms.flatMap((form) => {
    if (!/[+/]/.test(form)) return [form];
    const ofAddresses = form.replaceAll("+", "-").replaceAll("/", "_");
    return [form, ofAddresses, encodeURIComponent(form), form.replaceAll("/", "\\/")];
  });
}

/** Matches each character raw or escaped: `%2F` (also twice), `\u002f`, `\/`, `&#x2f;`. All repetitions are bounded. */
function escapedForm(secret: string): RegExp {
  const forms = [...secret.toWellFormed()].map((character) => {
    const code = character.codePointAt(0)!;
    const name = names[character];
    const forms = [
      `\\\\{0,4}\\u{${hexOf(code, 1)}}`,
      [...utf8(character)].map((byte) => `%(?:25){0,3}${hexOf(byte, 2)}`).join(""),
      `\\\\{1,4}u${hexOf(code, 4)}`,
      `&#(?:x0{0,4}${hexOf(code, 1)}|0{0,4}${code});`,
      ...(name === undefined ? [] : [name]),
    ];
    return `(?:${forms.join("|")})`;
  });
  return new RegExp(forms.join(""), "giu");
}

const names: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  " ": "\\+",
  "\n": "\\\\{1,4}n",
};

const hexOf = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

/** Returns the decoded readings of a text that may be percent-encoded, escaped as in JSON or HTML, both, or broken over lines. */
export function readingsOf(text: string): readonly string[] {
  if (!text.includes("\n")) return decodings(text);
  return [...decodings(text), ...lineBreaks.map((pattern) => text.replace(pattern, ""))];
}

function decodings(text: string): readonly string[] {
  if (!/[%\\&]/.test(text)) return [text];
  const plain = withoutEscapes(text);
  const once = decodedOnce(plain); // a secret with "%" differs after each decoding
  const twice = decodedOnce(once);
  return [...new Set([text, plain, withoutPercent(text), withoutPercent(plain), once, twice, decodedOnce(twice)])];
}

function decodedOnce(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => textOfHex(run.replaceAll("%", "")));
}

function withoutEscapes(text: string): string {
  return text
    .replace(/&#x([0-9a-f]{1,6});|&#(\d{1,7});/gi, (whole, hex?: string, digits?: string) => {
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    })
    .replace(/&(?:amp|lt|gt|quot);/gi, (name) => characters[name.toLowerCase()]!)
    .replace(/\\{1,4}u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\{1,4}n/g, "\n")
    .replaceAll("\\", "");
}

function withoutPercent(text: string): string {
  return text.replace(/(?:%(?:25){0,3}[0-9a-f]{2})+/gi, (run) => {
    const digits = [...run.matchAll(/%(?:25){0,3}([0-9a-f]{2})/gi)].map(([, hex]) => hex).join("");
    return textOfHex(digits);
  });
}

const characters: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(names).flatMap(([character, name]) => (name.startsWith("&") ? [[name, character]] : [])),
);

/** Breaks of lines, with and without the indentation of the next one. */
const lineBreaks = [/\r?\n[ \t]{0,40}/g, /\r?\n/g];

/** Masks forms that are broken over several lines. */
function maskWrapped(text: string, forms: readonly string[]): string {
  let masked = text;
  for (const pattern of lineBreaks) {
    const joined = masked.replace(pattern, "");
    for (const form of forms) if (joined.includes(form)) masked = maskBroken(masked, form, pattern);
  }
  return masked;
}

function maskBroken(text: string, form: string, pattern: RegExp): string {
  const kept: number[] = []; // place of each character that is no break
  let from = 0;
  for (const { index, 0: broken } of text.matchAll(pattern)) {
    for (; from < index; from++) kept.push(from);
    from = index + broken.length;
  }
  for (; from < text.length; from++) kept.push(from);
  const joined = kept.map((place) => text[place]).join("");
  let masked = text;
  for (let at = joined.lastIndexOf(form); at >= 0; at = joined.lastIndexOf(form, at - form.length)) {
    masked = `${masked.slice(0, kept[at])}${redacted}${masked.slice(kept[at + form.length - 1]! + 1)}`;
    if (at < form.length) break; // a negative place would find it again
  }
  return masked;
}

/** Masks a form together with the encoded text around it. */
function maskRuns(text: string, form: string): string {
  let masked = "";
  let from = 0;
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, from)) {
    let start = at;
    let end = at + form.length;
    while (start > from && around.test(text[start - 1]!)) start--;
    while (end < text.length && around.test(text[end]!)) end++;
    masked += `${text.slice(from, start)}${redacted}`;
    from = end;
  }
  return masked + text.slice(from);
}

/** Masks the beginning of a secret that is cut off. */
function maskCut(text: string, secret: string): string {
  const start = secret.slice(0, shortest.start);
  let masked = text;
  for (let at = masked.indexOf(start); at >= 0; at = masked.indexOf(start, at + 1)) {
    const end = cutEnd(masked, at, secret);
    if (end !== undefined) masked = `${masked.slice(0, at)}${redacted}${masked.slice(end)}`;
  }
  return masked;
}

/** Returns the end of a truncated secret; undefined when the text continues differently. */
export function cutEnd(text: string, at: number, secret: string): number | undefined {
  let end = at;
  while (end - at < secret.length && text[end] === secret[end - at]) end++;
  const isCut = end - at >= shortest.start && /^($|…|\.\.\.|\*|[^\w-]*$)/.test(text.slice(end, end + 4));
  return isCut ? end : undefined;
}
