import type { ProviderName } from "./model-spec.js";
import type { Move } from "./moves.js";
import { parameterNamed } from "./parameters.js";
import { providerOf, providers, takes } from "./providers.js";
import type { Path } from "./read-document.js";
import type { Data, Remark } from "./translated.js";

/** Parameters of another system, in our names. */
export interface ForeignParameters {
  /** `parameters`, and in `body` those only a server of one's own may know. */
  readonly fields: Data;
  readonly moves: readonly Move[];
  readonly warnings: readonly Remark[];
}

/**
 * Translates parameters. What the client cannot pass on is left out with a warning: such files are written for another program,
 * and refusing them would not make it true there.
 *
 * @param theirs where each parameter stands in the file
 * @param ours the model's place in our data
 */
export function foreignParameters(
  given: Data,
  { provider, baseUrl }: { readonly provider: string | undefined; readonly baseUrl?: unknown },
  { theirs, ours }: { readonly theirs: Path; readonly ours: Path },
): ForeignParameters {
  const parameters: Record<string, unknown> = {};
  const body: Record<string, unknown> = {};
  const moves: Move[] = [];
  const warnings: Remark[] = [];
  const server = knownProvider(provider, baseUrl);
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    const path = [...theirs, name];
    const ourName = parameterNamed(name);
    if (ourName !== undefined && (server === undefined || takes(server, ourName))) {
      parameters[ourName] = ourName === "stop" && typeof value === "string" ? [value] : value;
      moves.push([[...ours, "parameters", ourName], path]);
    } else if (server?.inBody.topK !== undefined) {
      body[name] = value;
      moves.push([[...ours, "body", name], path]);
    } else if (server !== undefined) {
      warnings.push({ path, message: `${provider} cannot be sent this; it is left out` });
    }
  }
  return { fields: { parameters, ...(Object.keys(body).length > 0 && { body }) }, moves, warnings };
}

function knownProvider(provider: string | undefined, baseUrl: unknown) {
  if (provider === undefined || !Object.hasOwn(providers, provider)) return undefined;
  return providerOf({ provider: provider as ProviderName, ...(typeof baseUrl === "string" && { baseUrl }) });
}
