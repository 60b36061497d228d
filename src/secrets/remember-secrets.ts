import { textOfBase64 } from "../text/bytes.js";
import { environment, type Variables } from "./environment.js";
import { looksRandom } from "./key-signs.js";
import { rememberSecret } from "./known-secrets.js";
import { isPlainName, isSecretName } from "./secret-names.js";
import { textsWithin } from "./texts-within.js";

/** Names of fields that are sent with every request. */
const sent = /headers?$|query$|^params$|queryparam|searchparams/i;

/** Remembers all secrets in a client, an entry or another value; reads at most some thousand nested objects. */
export function rememberSecretsIn(value: unknown): void {
  for (const { name, text, holders } of textsWithin(value)) {
    if (holders.some((holder) => sent.test(holder))) rememberSent(name, text);
    else rememberNamed(name, text);
  }
}

/** Remembers a value whose name or form indicates a secret, and the secrets in a URL. */
export function rememberNamed(name: string, value: string): void {
  const [, option, given] = /^--?([\w-]{1,40})=(\S+)$/.exec(value) ?? []; // a command-line option: `--api-key=…`
  if (option !== undefined) rememberNamed(option, given!);
  else if (isAddress(value)) rememberUrl(value);
  else if (isSecretName(name) || (/^\S{16,200}$/.test(value) && !isPlainName(name) && looksRandom(value)))
    rememberParts(value);
  else rememberFields(value);
}

/** Remembers a header or parameter unless it is part of the protocol or a plain word. */
export function rememberSent(name: string, value: string): void {
  if (isAddress(value)) rememberUrl(value);
  else if (isSecretName(name) || !(isPlainName(name) || /^[A-Za-z]{1,15}$/.test(value)))
    for (const part of listName.test(name) ? [value, ...value.split(",")] : [value]) rememberParts(part);
}

/** Names of headers that list secrets. */
const listName = /(^|[-_])(keys?|tokens?)$/i;

const isAddress = (value: string) => /^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(value) && URL.canParse(value);

/** Remembers the secrets of a user's URL, including every query value. */
function rememberUrl(value: string): void {
  rememberAddress(value);
  for (const [name, text] of new URL(value).searchParams) rememberSent(name, text);
}

/** Remembers the credentials of a URL, query values with secret names, and random-looking parts of query and path. */
export function rememberAddress(value: string): void {
  const { username, password, pathname, searchParams } = new URL(value);
  for (const part of [username, password]) for (const text of [part, decoded(part)]) rememberSecret(text);
  if (username !== "" && password !== "") rememberSecret(`${decoded(username)}:${decoded(password)}`);
  for (const [name, text] of searchParams) rememberNamed(name, text);
  for (const segment of pathname.split("/").map(decoded)) if (looksRandom(segment)) rememberSecret(segment);
}

const schemes = /^(basic|bearer|bot|token|api-?key|key|oauth|digest|negotiate|sharedkey|googlelogin)\s+(\S.*)$/is;

/** Remembers a value with and without its scheme, `Basic …` also decoded, and cookies, lines, and fields within it separately. */
function rememberParts(value: string): void {
  rememberFields(value);
  const [, scheme = "", rest = value] = schemes.exec(value) ?? [];
  const lines = value.split(/[\n;]+/).map((line) => line.trim());
  const parts = lines.length < 2 ? [] : lines.flatMap((line) => [line, line.replace(/^[\w-]+=/, "")]);
  for (const part of [value, rest, ...parts]) if (!part.startsWith("-----")) rememberSecret(part.trim());
  if (value.startsWith("-----")) rememberSecret(value.trim());
  if (scheme.toLowerCase() !== "basic") return;
  const plain = textOfBase64(rest);
  for (const part of [plain, plain.slice(plain.indexOf(":") + 1)]) rememberSecret(part);
}

/** Remembers the secrets of a value that holds several: JSON, or pairs such as `Endpoint=…;AccountKey=…` and `user=…&token=…`. */
function rememberFields(value: string): void {
  if (value.length > longestFields || !/[={]/.test(value)) return;
  if (/^\s*[{[]/.test(value)) {
    for (const { name, text } of textsWithin(parsed(value))) if (text !== value) rememberNamed(name, text);
    return;
  }
  for (const piece of value.split(/[;&,\n]/)) {
    const [, name, text] = /^\s*([\w .-]{1,40}?)\s*=\s*"?([^"]+)"?\s*$/.exec(piece) ?? [];
    if (name !== undefined && text !== value) rememberNamed(name, text!);
  }
}

const longestFields = 20_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** File path; a variable with the path of a key does not hold the key. */
const path = /^(~|\.{0,2})\/[\w.@/-]*$|^[a-z]:\\/i;

/** Names of variables with keys, also numbered: `OPENAI_KEY_2`. */
const keyName = /(^|_)(KEYS?|TOKENS?|PASSWORD)(_|$)/i;

/** Remembers the secrets of the environment, where clients read their keys. */
export function rememberEnvironment(variables: Variables = environment()): void {
  for (const [name, value = ""] of Object.entries(variables)) {
    if (isAddress(value)) rememberUrl(value);
    else if ((isSecretName(name) || keyName.test(name)) && !path.test(value))
      for (const part of [value, ...value.split(",")]) rememberParts(part);
    else rememberFields(value);
  }
}
