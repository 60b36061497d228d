import { textOfBase64 } from "../text/bytes.js";
import { environment, type Variables } from "./environment.js";
import { looksRandom } from "./key-signs.js";
import { keepSecret } from "./known-secrets.js";
import { isPlainName, isSecretName } from "./secret-names.js";
import { textsWithin } from "./texts-within.js";

/** What in a client or an entry is sent with every request. */
const sent = /headers?$|query$|^params$|queryparam|searchparams/i;

/** Keeps all secrets in a client, an entry or what else a user gives; objects of some thousand parts are read as far as that. */
export function keepWithin(value: unknown): void {
  for (const { name, text, holders } of textsWithin(value)) {
    if (holders.some((holder) => sent.test(holder))) keepSent(name, text);
    else keepNamed(name, text);
  }
}

/** Keeps what a field or variable holds, where its name says that it is a secret, or it is written as one; of an address its secrets. */
export function keepNamed(name: string, value: string): void {
  const [, option, given] = /^--?([\w-]{1,40})=(\S+)$/.exec(value) ?? []; // of a command: `--api-key=…`
  if (option !== undefined) keepNamed(option, given!);
  else if (isAddress(value)) keepUrl(value);
  else if (isSecretName(name) || (/^\S{16,200}$/.test(value) && !isPlainName(name) && looksRandom(value)))
    keepParts(value);
}

/** Keeps what a header or parameter holds, unless it is a part of the protocol or a plain word. */
export function keepSent(name: string, value: string): void {
  if (isAddress(value)) keepUrl(value);
  else if (isSecretName(name) || !(isPlainName(name) || /^[A-Za-z]{1,15}$/.test(value))) keepParts(value);
}

const isAddress = (value: string) => /^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(value) && URL.canParse(value);

/** Keeps what of an address a user gave is secret: also every value in its query. */
function keepUrl(value: string): void {
  keepAddress(value);
  for (const [name, text] of new URL(value).searchParams) keepSent(name, text);
}

/** Keeps the credentials of an address, what in its query is called a secret, and what in its query and its path is written as one. */
export function keepAddress(value: string): void {
  const { username, password, pathname, searchParams } = new URL(value);
  for (const part of [username, password]) for (const text of [part, decoded(part)]) keepSecret(text);
  if (username !== "" && password !== "") keepSecret(`${decoded(username)}:${decoded(password)}`);
  for (const [name, text] of searchParams) keepNamed(name, text);
  for (const segment of pathname.split("/").map(decoded)) if (looksRandom(segment)) keepSecret(segment);
}

/** Words before a key in `Authorization`. */
const schemes = /^(basic|bearer|bot|token|api-?key|key|oauth|digest|negotiate|sharedkey|googlelogin)\s+(\S.*)$/is;

/** `Bearer abc` is known with the word before it and without, `Basic …` also as what it encodes, cookies and lines one by one. */
function keepParts(value: string): void {
  const [, scheme = "", rest = value] = schemes.exec(value) ?? [];
  const lines = value.split(/[\n;]+/).map((line) => line.trim());
  const parts = lines.length < 2 ? [] : lines.flatMap((line) => [line, line.replace(/^[\w-]+=/, "")]);
  for (const part of [value, rest, ...parts]) if (!part.startsWith("-----")) keepSecret(part.trim());
  if (value.startsWith("-----")) keepSecret(value.trim());
  if (scheme.toLowerCase() !== "basic") return;
  const plain = textOfBase64(rest);
  for (const part of [plain, plain.slice(plain.indexOf(":") + 1)]) keepSecret(part);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A place on the machine: a variable that says where a key is does not hold it. */
const path = /^(~|\.{0,2})\/[\w.@/-]*$|^[a-z]:\\/i;

/** Variables are numbered, too: `OPENAI_KEY_2`. */
const keyName = /(^|_)(KEYS?|TOKENS?|PASSWORD)(_|$)/i;

/** Keeps the secrets of the environment; whoever makes a client reads its key from there. */
export function keepEnvironment(variables: Variables = environment()): void {
  for (const [name, value = ""] of Object.entries(variables)) {
    if (isAddress(value)) keepUrl(value);
    else if ((isSecretName(name) || keyName.test(name)) && !path.test(value))
      for (const part of [value, ...value.split(",")]) keepParts(part);
  }
}
