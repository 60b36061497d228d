import { rememberSecretsIn } from "../secrets/remember-secrets.js";
import { isSecretName } from "../secrets/secret-names.js";
import type { ConfigFile } from "./config-file.js";
import { clientsOf } from "./models/model-clients.js";
import type { Path } from "./text/read-document.js";

/** Placeholder for a missing key, so that graphs can be drawn without keys. */
export const noKey = "not-needed";

/** Returns whether a variable holds a secret, by its name or by its place: `apiKey`, a header. */
export function isSecret(variable: string, path: Path): boolean {
  return isSecretName(variable) || isSecretName(String(path.at(-1))) || isBelow(path, /headers$/i);
}

/** Returns whether a place may hold a key; MCP servers get theirs as headers, variables or arguments. */
export function isKeyPlace(path: Path): boolean {
  return isSecretName(String(path.at(-1))) || isBelow(path, /(headers|^env|^args)$/i);
}

const isBelow = (path: Path, holder: RegExp) => holder.test(String(path.at(-2)));

/** Returns whether a text looks like a key, or like a URL with credentials or a query. */
export function looksSecret(value: string): boolean {
  if (/^\w+:\/\//.test(value)) return /[@?]/.test(value);
  return value.length >= 16 && !/\s/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Registers the keys of a file for redaction; ordinary header values (`Accept: application/json`) stay readable. */
export function rememberSecrets({ models, embeddings, mcpServers = {} }: ConfigFile): void {
  if (embeddings !== undefined) rememberSecretsIn(embeddings);
  const clients = Object.entries(models).flatMap(([name, model]) => clientsOf(name, model));
  for (const { apiKey, ...client } of clients.map(({ spec }) => spec))
    rememberSecretsIn(apiKey === noKey ? client : { apiKey, ...client });
  for (const server of Object.values(mcpServers)) rememberSecretsIn(server);
}
