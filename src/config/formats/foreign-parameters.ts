import type { ProviderName } from "../../models/client-kinds.js";
import { notInBody } from "../models/check-model.js";
import { parameterNamed } from "../models/parameters.js";
import { providerOf, takes } from "../models/provider-of.js";
import { isSelfHosted, type Provider, providers } from "../models/providers.js";
import type { Path } from "../text/read-document.js";
import type { Data } from "../text/value-at.js";
import type { Origin } from "./origins.js";
import { numberOrUndefined, type Places, type Warning } from "./translated.js";

/** Another system's parameters, under our names. */
export interface ForeignParameters {
  /** Known `parameters`; others are passed on in `body`. */
  readonly fields: { readonly parameters: Data; readonly body?: Data };
  readonly origins: readonly Origin[];
  readonly warnings: readonly Warning[];
}

/**
 * Translates parameters. Drops those a client does not accept with a warning instead of an error, since the file is written for
 * another program.
 *
 * @param passesUnknown whether a provider is sent parameters unknown here
 */
export function foreignParameters(
  given: Data,
  { provider, baseUrl }: { readonly provider?: unknown; readonly baseUrl?: unknown },
  { theirs, ours }: Places,
  passesUnknown: (provider: Provider) => boolean,
): ForeignParameters {
  const parameters: Record<string, unknown> = {};
  const body: Record<string, unknown> = {};
  const origins: Origin[] = [];
  const warnings: Warning[] = [];
  const server = knownProvider(provider, baseUrl);
  const leaveOut = (path: Path, why: string) => warnings.push({ path, message: `${why}; it is dropped` });
  for (const [name, value] of Object.entries(given)) {
    const path = [...theirs, name];
    const ourName = parameterNamed(name);
    const isTaken = ourName !== undefined && (server === undefined || takes(server, ourName));
    const isNone = (numberOrUndefined(value) ?? 1) <= 0;
    if (value === null || (ourName === "maxTokens" && isNone)) continue; // 0 or less means no limit there
    if (isTaken && !(ourName === "topK" && isNone)) {
      parameters[ourName] = ourName === "stop" && typeof value === "string" ? [value] : value;
      origins.push([[...ours, "parameters", ourName], path]);
    } else if (server === undefined) {
    } else if (isTaken) {
      if (isSelfHosted(server)) body[server.inBody.topK!] = numberOrUndefined(value);
      else leaveOut(path, `${provider} accepts only numbers from 1`);
    } else if (notInBody.includes(name)) {
      leaveOut(path, "is set by each request");
    } else if (passesUnknown(server)) {
      body[name] = value;
      origins.push([[...ours, "body", name], path]);
    } else {
      leaveOut(path, `${provider} does not accept this`);
    }
  }
  return { fields: { parameters, ...(Object.keys(body).length > 0 && { body }) }, origins, warnings };
}

function knownProvider(provider: unknown, baseUrl: unknown): Provider | undefined {
  if (typeof provider !== "string" || !Object.hasOwn(providers, provider)) return undefined;
  return providerOf({ provider: provider as ProviderName, ...(typeof baseUrl === "string" && { baseUrl }) });
}
