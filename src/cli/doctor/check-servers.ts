import type { ConfigFile } from "../../config/config-file.js";
import { redact } from "../../tracing/redact.js";
import { type Finding, usersOf } from "./finding.js";

type ProviderName = ConfigFile["models"][string]["provider"];

/** Milliseconds until a server counts as not reachable. */
const patience = 3_000;

const usual: Partial<Record<ProviderName, string>> = {
  openai: "https://api.openai.com/v1",
  "google-genai": "https://generativelanguage.googleapis.com",
  anthropic: "https://api.anthropic.com",
  openrouter: "https://openrouter.ai/api/v1",
  ollama: "http://127.0.0.1:11434",
};

/** Does each server of the file answer? No key is sent, so any status will do. */
export async function checkServers({ models, mcpServers = {} }: ConfigFile): Promise<Finding[]> {
  const used = [
    ...Object.entries(models).map(([name, { provider, baseUrl }]) => [baseUrl ?? usual[provider], name] as const),
    ...Object.entries(mcpServers).map(([name, server]) => ["url" in server ? server.url : undefined, name] as const),
  ];
  return Promise.all([...usersOf(used)].flatMap(([url, by]) => (url === undefined ? [] : [check(url, by.join(", "))])));
}

async function check(given: string, by: string): Promise<Finding> {
  const what = redact(given);
  if (!URL.canParse(given))
    return { state: "problem", what, found: `is no URL, for ${by}`, remedy: "write http://host:port/v1" };
  const url = new URL(given);
  const isLocal = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  url.username = "";
  url.password = "";
  try {
    const { status, body } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(patience) });
    await body?.cancel();
    return { state: "ok", what, found: `reachable (${status}), for ${by}` };
  } catch (error) {
    const remedy = isLocal
      ? "start the server there, or mend its address"
      : "check the network, a proxy, and its address";
    return { state: "problem", what, found: `not reachable (${why(error)}), for ${by}`, remedy };
  }
}

function why(error: unknown): string {
  const { name, cause } = error as Error & { cause?: Error & { code?: string; errors?: { code?: string }[] } };
  if (name === "TimeoutError") return `no answer within ${patience / 1_000} s`;
  return cause?.code ?? cause?.errors?.[0]?.code ?? redact(cause?.message ?? (error as Error).message);
}
