import type { ProviderName } from "../../models/client-kinds.js";
import { notInBody } from "../models/check-model.js";
import { parameterNamed } from "../models/parameters.js";
import { providerOf, takes } from "../models/provider-of.js";
import { isOpen, type Provider, providers } from "../models/providers.js";
import type { Path } from "../text/read-document.js";
import type { Move } from "./moves.js";
import { type Data, numberIn, type Places, type Warning } from "./translated.js";

/** Parameters of another system, in our names. */
export interface ForeignParameters {
  /** `parameters`, and in `body` those only a server of one's own may know. */
  readonly fields: { readonly parameters: Data; readonly body?: Data };
  readonly moves: readonly Move[];
  readonly warnings: readonly Warning[];
}

/**
 * Translates parameters. What the client cannot pass on is left out with a warning: such files are written for another program,
 * and refusing them would not make it true there.
 *
 * @param holdsMore whether names that are not ours are passed on to a provider
 */
export function foreignParameters(
  given: Data,
  { provider, baseUrl }: { readonly provider?: unknown; readonly baseUrl?: unknown },
  { theirs, ours }: Places,
  holdsMore: (provider: Provider) => boolean,
): ForeignParameters {
  const parameters: Record<string, unknown> = {};
  const body: Record<string, unknown> = {};
  const moves: Move[] = [];
  const warnings: Warning[] = [];
  const server = knownProvider(provider, baseUrl);
  const leaveOut = (path: Path, why: string) => warnings.push({ path, message: `${why}; it is left out` });
  for (const [name, value] of Object.entries(given)) {
    const path = [...theirs, name];
    const ourName = parameterNamed(name);
    const isTaken = ourName !== undefined && (server === undefined || takes(server, ourName));
    const isNone = (numberIn(value) ?? 1) <= 0;
    if (value === null || (ourName === "maxTokens" && isNone)) continue; // as many as it likes, which is so without it
    if (isTaken && !(ourName === "topK" && isNone)) {
      parameters[ourName] = ourName === "stop" && typeof value === "string" ? [value] : value;
      moves.push([[...ours, "parameters", ourName], path]);
    } else if (server === undefined) {
    } else if (isTaken) {
      if (isOpen(server)) body[server.inBody.topK!] = numberIn(value);
      else leaveOut(path, `${provider} is sent a number from 1`);
    } else if (notInBody.includes(name)) {
      leaveOut(path, "is for each request to say");
    } else if (holdsMore(server)) {
      body[name] = value;
      moves.push([[...ours, "body", name], path]);
    } else {
      leaveOut(path, `${provider} cannot be sent this`);
    }
  }
  return { fields: { parameters, ...(Object.keys(body).length > 0 && { body }) }, moves, warnings };
}

function knownProvider(provider: unknown, baseUrl: unknown): Provider | undefined {
  if (typeof provider !== "string" || !Object.hasOwn(providers, provider)) return undefined;
  return providerOf({ provider: provider as ProviderName, ...(typeof baseUrl === "string" && { baseUrl }) });
}
