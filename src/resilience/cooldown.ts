import { type ErrorClass, errorClasses, InvalidOptionError } from "../errors/index.js";
import { type Classified, classifyError, type ObserveOptions } from "./classify-error.js";
import type { Guard } from "./guard.js";
import { isProbed, type Probe, type Probed } from "./probes.js";

/** Limits of a cool-down. */
export interface CoolDownOptions {
  /** Maximum milliseconds a model is skipped, even if its provider requests more; 0 for never. @default 300,000 (5 minutes) */
  readonly maxMs?: number;
}

/** Default maximum: one wrong `Retry-After` must not take a model out of service. */
const longest = 5 * 60_000;

/** The probes are attempts in progress after the cool-down. */
interface Cooling extends Probed {
  readonly class: ErrorClass;
  /** Milliseconds from `since`, before `maxMs` applies. */
  readonly wait: number;
  since: number;
}

/** Reason for skipping a client. */
export interface CoolingDown {
  readonly class: ErrorClass;
  /** Milliseconds left; 0 while another call probes the client. */
  readonly ms: number;
}

const clients = new WeakMap<object, Cooling>();

/**
 * Starts the cool-down of a client, for all graphs of this process.
 *
 * @param probing true if the failed call was a probe
 */
export function coolDown(
  client: object,
  { class: kind, retryAfterMs }: Pick<Classified, "class" | "retryAfterMs">,
  { maxMs = longest, probing = false }: CoolDownOptions & { readonly probing?: boolean } = {},
): void {
  const { coolDownMs, modelFault, retryable } = errorClasses[kind];
  if (!modelFault) return;
  const named = (retryable || coolDownMs !== undefined ? retryAfterMs : 0) || coolDownMs || 0; // "0" with a 429 is not a wait
  const usual = kind === "quota" ? Math.max(coolDownMs!, named) : named;
  const wait = usual > 0 || !probing ? usual : errorClasses.rate_limit.coolDownMs!;
  const before = clients.get(client);
  if (wait <= 0 || (before !== undefined && left(before, maxMs) >= Math.min(wait, maxMs))) return;
  clients.set(client, { class: kind, wait, since: Date.now(), probes: before?.probes ?? new Set() });
}

/** Takes a client whose key was refused out for 5 minutes, if another client of its pool can take the calls. */
export function takeOut(client: object, kind: ErrorClass, { maxMs = longest }: CoolDownOptions = {}): void {
  if (maxMs <= 0) return;
  clients.set(client, {
    class: kind,
    wait: longest,
    since: Date.now(),
    probes: clients.get(client)?.probes ?? new Set(),
  });
}

/** Returns the rest of a cool-down; `undefined` if the client may be called. */
export function coolingDown(client: object, { maxMs = longest }: CoolDownOptions = {}): CoolingDown | undefined {
  const cooling = clients.get(client);
  if (cooling === undefined) return undefined;
  const ms = left(cooling, maxMs);
  return ms > 0 || isProbed(cooling) ? { ms: Math.max(0, ms), class: cooling.class } : undefined;
}

/** Guard that skips a client while it cools down, and while another call probes it. */
export function coolDownGuard(options?: CoolDownOptions): Guard {
  return {
    unavailable: (client) => {
      const cooling = coolingDown(client, options);
      if (cooling === undefined) return undefined;
      const { ms, class: kind } = cooling;
      if (ms === 0) return { reason: `another run finds out whether it answers again (${kind})` };
      return { reason: `cooling down for ${Math.ceil(ms / 1_000)} s more (${kind})`, waitMs: ms };
    },
    claim: (client) => claimCoolDownProbe(client, options),
  };
}

/** Claims the first call after a cool-down; other runs skip the client until that call ends. */
export function claimCoolDownProbe(client: object, { maxMs = longest }: CoolDownOptions = {}): void {
  const cooling = clients.get(client);
  if (cooling !== undefined && left(cooling, maxMs) <= 0) cooling.claimedAt = Date.now();
}

/**
 * Runs one attempt on a client: success ends the cool-down, a failure may start one. The first attempt after a cool-down is the probe;
 * if it is aborted from outside, the next call probes.
 */
export async function withCoolDown<T>(
  client: object,
  work: () => Promise<T>,
  { stops = [], classify = classifyError, ...options }: CoolDownOptions & ObserveOptions = {},
): Promise<T> {
  const probe = { startedAt: Date.now() };
  const probes = probesOf(client, options);
  probes?.add(probe);
  try {
    const value = await work();
    warmUp(client);
    return value;
  } catch (error) {
    const failure = classify(error);
    if (stops.some((signal) => signal?.aborted) || failure.class === "interrupt") throw error;
    coolDown(client, failure, { ...options, probing: probes !== undefined });
    if (probes !== undefined && !errorClasses[failure.class].modelFault) warmUp(client); // the client answered, and the request was wrong
    throw error;
  } finally {
    probes?.delete(probe);
  }
}

/** Returns the probes of a client after its cool-down; `undefined` if a call is not a probe. */
function probesOf(client: object, { maxMs = longest }: CoolDownOptions): Set<Probe> | undefined {
  const cooling = clients.get(client);
  if (cooling === undefined || left(cooling, maxMs) > 0) return undefined;
  delete cooling.claimedAt;
  return cooling.probes;
}

/** Ends the cool-down of a client. */
export function warmUp(client: object): void {
  clients.delete(client);
}

function left(cooling: Cooling, maxMs: number): number {
  const now = Date.now();
  cooling.since = Math.min(cooling.since, now); // a clock set back must not prolong it
  return cooling.since + Math.min(cooling.wait, maxMs) - now;
}

/** Throws if a cool-down is invalid. */
export function checkCoolDown(coolDown: CoolDownOptions | undefined, option: string): void {
  if (coolDown === undefined) return;
  if (typeof coolDown !== "object" || coolDown === null) {
    throw new InvalidOptionError(option, coolDown, "give { maxMs }; { maxMs: 0 } switches it off");
  }
  const { maxMs } = coolDown;
  if (maxMs !== undefined && !(typeof maxMs === "number" && maxMs >= 0)) {
    throw new InvalidOptionError(`${option}.maxMs`, maxMs, "give ms of at least 0");
  }
}
