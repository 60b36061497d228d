import type { ConfigFile, ModelSpec } from "../../config/config-file.js";
import { redact } from "../../tracing/redact.js";
import type { Finding } from "./finding.js";

/** Milliseconds until a server counts as not reachable. */
const patience = 3_000;

const usual: Partial<Record<ModelSpec["provider"], string>> = {
  openai: "https://api.openai.com/v1",
  "google-genai": "https://generativelanguage.googleapis.com",
  anthropic: "https://api.anthropic.com",
  openrouter: "https://openrouter.ai/api/v1",
  ollama: "http://127.0.0.1:11434",
};

/** Does each server of the file answer? Any status counts, since no key is sent. */
export async function checkServers({ models, mcpServers = {} }: ConfigFile): Promise<Finding[]> {
  const users = new Map<string, string[]>();
  const use = (url: string | undefined, by: string) => {
    if (url !== undefined) users.set(url, [...(users.get(url) ?? []), by]);
  };
  for (const [name, { provider, baseUrl }] of Object.entries(models)) use(baseUrl ?? usual[provider], name);
  for (const [name, server] of Object.entries(mcpServers)) if ("url" in server) use(server.url, name);
  return Promise.all([...users].map(([url, by]) => check(url, by)));
}

async function check(given: string, by: readonly string[]): Promise<Finding> {
  const url = new URL(given);
  const local = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  const what = redact(given);
  url.username = "";
  url.password = "";
  try {
    const { status, body } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(patience) });
    await body?.cancel();
    return { ok: true, what, found: `reachable (${status}), for ${by.join(", ")}` };
  } catch (error) {
    const remedy = local ? "start the server there, or mend baseUrl" : "check the network, a proxy, and baseUrl";
    return { ok: false, what, found: `not reachable (${why(error)}), for ${by.join(", ")}`, remedy };
  }
}

function why(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string; errors?: { code?: string }[] } };
  if (name === "TimeoutError") return `no answer within ${patience / 1_000} s`;
  return cause?.code ?? cause?.errors?.[0]?.code ?? redact((error as Error).message);
}
