import { keepSecret } from "../tracing/redact.js";
import type { ConfigFile } from "./config-file.js";
import type { Path } from "./read-document.js";

/** What fields, headers and variables are called that hold a key. */
const secretName =
  /(api|access|private|secret|subscription|auth)[-_ ]?key|\bkey$|_key$|token$|secret|passw|credential|authorization|cookie/i;

/** Stands for a key where nothing is asked: nobody has to have one to draw a graph. */
export const noKey = "not-needed";

/** Whether a variable holds a secret, as it is called or by where it stands: `apiKey`, a header. */
export function isSecret(variable: string, path: Path): boolean {
  return secretName.test(variable) || secretName.test(String(path.at(-1))) || isBelow(path, /headers$/i);
}

/** Whether a key may stand there: a server of tools is given its keys as headers, variables or arguments. */
export function isKeyPlace(path: Path): boolean {
  return secretName.test(String(path.at(-1))) || isBelow(path, /(headers|^env|^args)$/i);
}

const isBelow = (path: Path, holder: RegExp) => holder.test(String(path.at(-2)));

/** Whether a text looks like a key; an address is one where it has credentials or a query. */
export function looksSecret(value: string): boolean {
  if (/^\w+:\/\//.test(value)) return /[@?]/.test(value);
  return value.length >= 16 && !/\s/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/** What nobody would write by hand: no word, no date, no list. */
const random = /^(?=.*\d)(?=.*[a-z])[\w.+/=]{16,}$/i;

/** Has no text that is redacted from now on show a key of a file. Ordinary words (`Accept: application/json`) stay words. */
export function keepSecrets({ models, mcpServers = {} }: ConfigFile): void {
  for (const { apiKey, headers = {}, credentials } of Object.values(models)) {
    if (apiKey !== noKey) keepSecret(apiKey);
    keepSecret(credentials?.privateKey);
    keepNamed(headers, random);
  }
  for (const server of Object.values(mcpServers)) {
    if ("url" in server) keepNamed(server.headers ?? {}, random);
    else keepNamed(server.env ?? {});
  }
}

/** `Bearer abc` is known with the word before it and without. */
function keepNamed(values: Readonly<Record<string, string>>, or?: RegExp): void {
  for (const [name, value] of Object.entries(values)) {
    if (!secretName.test(name) && !or?.test(value)) continue;
    for (const part of new Set([value, value.replace(/^\w+\s+/, "")])) keepSecret(part);
  }
}
