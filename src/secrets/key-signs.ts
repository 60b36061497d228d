import { redacted } from "./encodings.js";

/** What is looked for, and what is put in its place. */
export type Pattern = readonly [RegExp, string];

/** Keys that show by their prefix what they are, and the credentials of an address. */
export const marked: readonly Pattern[] = [
  [
    /(?<![A-Za-z0-9])(?:(?:sk|pk|rk|csk|gsk|xai|hf|pplx|nvapi|lsv2|glpat|gh[oprsu]|github_pat)[-_]|AIza|AQ\.|ya29\.|A[KS]IA|eyJ)[-_A-Za-z0-9*]{8,}(?:\.[-_A-Za-z0-9]{8,})*/g,
    redacted,
  ],
  [
    /(?<![A-Za-z0-9])(?:r8|fw|tgp|npm|dop|tvly|jina|vck|xox[abeprs])[-_](?=[-_A-Za-z]{0,40}\d)[-_A-Za-z0-9]{16,}/g,
    redacted,
  ],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END[A-Z -]*)?/g, redacted],
  [/(\/\/)[^/?#\s"'<>]*@/g, `$1${redacted}@`],
];

/** Ends of ids that are written by no person and are no key: those of models fine-tuned at Azure. */
const idEnd = /(?<=\w)\.ft-[0-9a-f]{32}$/;

/** Whether no person would write a text as a name: digits of a name are a version or a size, in a place or two; those of a key are everywhere. */
export function looksRandom(text: string): boolean {
  return text
    .replace(idEnd, "")
    .split(/[^A-Za-z0-9]+/)
    .some((piece) => {
      const changes = piece.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
      return piece.length >= 16 && changes >= 3;
    });
}
