import { keepWithin } from "../secrets/keep-secrets.js";
import { isSecretName } from "../secrets/secret-names.js";
import type { ConfigFile } from "./config-file.js";
import type { Path } from "./text/read-document.js";

/** Stands for a key where nothing is asked: nobody has to have one to draw a graph. */
export const noKey = "not-needed";

/** Whether a variable holds a secret, as it is called or by where it stands: `apiKey`, a header. */
export function isSecret(variable: string, path: Path): boolean {
  return isSecretName(variable) || isSecretName(String(path.at(-1))) || isBelow(path, /headers$/i);
}

/** Whether a key may stand there: a server of tools is given its keys as headers, variables or arguments. */
export function isKeyPlace(path: Path): boolean {
  return isSecretName(String(path.at(-1))) || isBelow(path, /(headers|^env|^args)$/i);
}

const isBelow = (path: Path, holder: RegExp) => holder.test(String(path.at(-2)));

/** Whether a text looks like a key; an address is one where it has credentials or a query. */
export function looksSecret(value: string): boolean {
  if (/^\w+:\/\//.test(value)) return /[@?]/.test(value);
  return value.length >= 16 && !/\s/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Has no text that is redacted from now on show a key of a file. Ordinary words (`Accept: application/json`) stay words. */
export function keepSecrets({ models, mcpServers = {} }: ConfigFile): void {
  for (const { apiKey, ...model } of Object.values(models)) keepWithin(apiKey === noKey ? model : { apiKey, ...model });
  for (const server of Object.values(mcpServers)) keepWithin(server);
}
