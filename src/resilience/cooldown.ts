import type { Classified } from "./classify-error.js";

/** Milliseconds a rate-limited model is passed over when its provider names no wait (LiteLLM's default, docs "Cooldowns"). */
const afterRateLimit = 5_000;
/** Milliseconds a model whose quota is spent is passed over. */
const afterQuota = 5 * 60_000;

const coolingUntil = new WeakMap<object, { until: number; class: Classified["class"] }>();

/** Notes that a client must be left alone for a while; shared by all graphs of this process that use the client. */
export function coolDown(
  client: object,
  { class: kind, retryAfterMs }: Pick<Classified, "class" | "retryAfterMs">,
  now = Date.now(),
): void {
  if (kind !== "rate_limit" && kind !== "quota") return;
  const wait = kind === "quota" ? Math.max(afterQuota, retryAfterMs ?? 0) : (retryAfterMs ?? afterRateLimit);
  const until = now + wait;
  if (wait > 0 && until > (coolingUntil.get(client)?.until ?? 0)) coolingUntil.set(client, { until, class: kind });
}

/** Ms a client is still to be left alone and why; `undefined` when it may be called. */
export function coolingDown(
  client: object,
  now = Date.now(),
): { readonly ms: number; readonly class: string } | undefined {
  const cooling = coolingUntil.get(client);
  return cooling !== undefined && cooling.until > now ? { ms: cooling.until - now, class: cooling.class } : undefined;
}

/** Notes that a client answered: whatever it was cooling down from is over. */
export function warmUp(client: object): void {
  coolingUntil.delete(client);
}
