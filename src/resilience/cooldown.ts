import { errorClasses } from "../errors/index.js";
import type { Classified } from "./classify-error.js";

const coolingUntil = new WeakMap<object, { until: number; class: Classified["class"] }>();

/** Notes that a client must be left alone for a while; shared by all graphs of this process that use the client. */
export function coolDown(
  client: object,
  { class: kind, retryAfterMs }: Pick<Classified, "class" | "retryAfterMs">,
  now = Date.now(),
): void {
  const { coolDownMs } = errorClasses[kind];
  if (coolDownMs === undefined) return;
  const wait = kind === "quota" ? Math.max(coolDownMs, retryAfterMs ?? 0) : (retryAfterMs ?? coolDownMs);
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
