/** Finds an Ollama server and what is installed on it. */
import { z } from "zod";

/** A model installed on a server. */
export interface OllamaModel {
  readonly name: string;
  /** Runs on this server; a model that only passes requests on to a cloud has a price of its own. */
  readonly isLocal: boolean;
}

/** What was found at an address: models, or why there are none. */
export type Ollama =
  | { readonly url: string; readonly models: readonly [OllamaModel, ...OllamaModel[]] }
  | { readonly url: string; readonly problem: string };

const DEFAULT_PORT = "11434";
const WAIT_MS = 500;

const installed = z.object({
  models: z.array(
    z.object({
      name: z.string().min(1),
      remote_host: z.string().nullish(),
      details: z.object({ family: z.string().nullish() }).nullish(),
    }),
  ),
});

/**
 * Asks the server that `OLLAMA_HOST` names (default: this machine) which models it has, for at most half a second.
 * The variable is read as Ollama itself reads it: with or without scheme and port.
 */
export async function findOllama(host: string | undefined): Promise<Ollama> {
  const url = toUrl(host);
  if (url === undefined) return { url: "OLLAMA_HOST", problem: "it is not an address" };
  try {
    const response = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(WAIT_MS) });
    if (!response.ok) return { url, problem: `it answered with status ${response.status}` };
    const { models } = installed.parse(await response.json());
    const [first, ...others] = models
      .filter(({ name, details }) => !/embed|bert|minilm/i.test(`${name} ${details?.family ?? ""}`))
      .map(({ name, remote_host }) => ({ name, isLocal: !remote_host }));
    if (first === undefined) return { url, problem: "it has no chat model: ollama pull llama3.2" };
    return { url, models: [first, ...others] };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return { url, problem: `it did not answer within ${WAIT_MS} ms` };
    }
    return { url, problem: error instanceof TypeError ? "nothing answers there" : "it does not answer as Ollama does" };
  }
}

/** Without credentials, as the address is printed. */
function toUrl(host: string | undefined): string | undefined {
  const given = host?.trim() || "127.0.0.1";
  const hasScheme = given.includes("://");
  const address = hasScheme ? given : `http://${given}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  if (!hasScheme && !/:\d+\/?$/.test(given)) url.port = DEFAULT_PORT;
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
