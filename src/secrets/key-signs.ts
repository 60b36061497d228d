import { redacted } from "./encodings.js";

export type Pattern = readonly [RegExp, string];

/** Keys with a known prefix, and credentials in URLs. */
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

/** Random suffix of fine-tuned models at Azure, which is not a key. */
const idEnd = /(?<=\w)\.ft-[0-9a-f]{32}$/;

/** Returns true when letters and digits alternate as in a key; names contain digits in one or two places only. */
export function looksRandom(text: string): boolean {
  return text
    .replace(idEnd, "")
    .split(/[^A-Za-z0-9]+/)
    .some((piece) => {
      const changes = piece.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
      return piece.length >= 16 && changes >= 3;
    });
}
