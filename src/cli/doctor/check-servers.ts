import type { ConfigFile } from "../../config/config-file.js";
import { clientsOf } from "../../config/models/model-clients.js";
import { providerOf } from "../../config/models/provider-of.js";
import { redact } from "../../secrets/redact.js";
import { type Finding, usersOf } from "./finding.js";

/** Milliseconds until a server counts as unreachable. */
const timeoutMs = 3_000;

/** Checks that each server of the file answers; no key is sent, so any status is fine. */
export async function checkServers({ models, mcpServers = {} }: ConfigFile): Promise<Finding[]> {
  const used = [
    ...Object.entries(models).flatMap(([name, model]) => {
      const urls = clientsOf(name, model).map(({ spec }) => spec.baseUrl ?? providerOf(spec).url);
      return [...new Set(urls)].map((url) => [url, name] as const);
    }),
    ...Object.entries(mcpServers).map(([name, server]) => ["url" in server ? server.url : undefined, name] as const),
  ];
  return Promise.all([...usersOf(used)].flatMap(([url, by]) => (url === undefined ? [] : [check(url, by.join(", "))])));
}

async function check(given: string, by: string): Promise<Finding> {
  const what = redact(given);
  if (!URL.canParse(given))
    return { state: "problem", what, found: `is not a URL, for ${by}`, remedy: "write http://host:port/v1" };
  const url = new URL(given);
  const isLocal = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  url.username = "";
  url.password = "";
  try {
    const { status, body } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    await body?.cancel();
    const path = status === 404 ? ": its path is not checked" : ""; // many APIs have no page at their root
    return { state: "ok", what, found: `reachable (${status}${path}), for ${by}` };
  } catch (error) {
    const remedy = isLocal
      ? "start the server there, or fix its address"
      : "check the network, a proxy, and its address";
    return { state: "note", what, found: `not reachable (${why(error)}), for ${by}`, remedy };
  }
}

function why(error: unknown): string {
  const { name, cause } = error as Error & { cause?: Error & { code?: string; errors?: { code?: string }[] } };
  if (name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  return cause?.code ?? cause?.errors?.[0]?.code ?? redact(cause?.message ?? (error as Error).message);
}
