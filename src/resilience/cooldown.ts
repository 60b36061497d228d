import { type ErrorClass, errorClasses, InvalidOptionError } from "../errors/index.js";
import { type Classified, classifyError, type Observing } from "./classify-error.js";

/** How long a model may be left alone. */
export interface CoolDownOptions {
  /** Milliseconds a model is passed over at most, whatever its provider asks for; 0: never. @default 300,000 (5 minutes) */
  readonly maxMs?: number;
}

/** The ceiling where an entry names none: one wrong `Retry-After` must not take a model out of service. */
const longest = 5 * 60_000;
/** Milliseconds between the claim of a probe and its start, and until a probe that does not end counts as lost. */
const claimTime = 10_000;
const probeTime = 60_000;

interface Cooling {
  readonly class: ErrorClass;
  /** Milliseconds from `since`, before any ceiling. */
  readonly wait: number;
  since: number;
  claimedAt?: number;
  /** Attempts under way that find out whether the client answers again. */
  readonly probes: Set<Probe>;
}

interface Probe {
  readonly startedAt: number;
}

/** Why a client is passed over. */
export interface CoolingDown {
  readonly class: ErrorClass;
  /** Milliseconds left; 0 while another call finds out whether the client answers again. */
  readonly ms: number;
}

const clients = new WeakMap<object, Cooling>();

/**
 * Notes that a client must be left alone for a while; shared by all graphs of this process that use the client.
 *
 * @param probing true for a call that was to find out whether the client answers again
 */
export function coolDown(
  client: object,
  { class: kind, retryAfterMs }: Pick<Classified, "class" | "retryAfterMs">,
  { maxMs = longest, probing = false }: CoolDownOptions & { readonly probing?: boolean } = {},
): void {
  const { coolDownMs, modelFault, retryable } = errorClasses[kind];
  if (!modelFault) return;
  const named = (retryable || coolDownMs !== undefined ? retryAfterMs : 0) || coolDownMs || 0; // "0" beside a 429 names no wait
  const usual = kind === "quota" ? Math.max(coolDownMs!, named) : named;
  const wait = usual > 0 || !probing ? usual : errorClasses.rate_limit.coolDownMs!;
  const before = clients.get(client);
  if (wait <= 0 || (before !== undefined && left(before, maxMs) >= Math.min(wait, maxMs))) return;
  clients.set(client, { class: kind, wait, since: Date.now(), probes: before?.probes ?? new Set() });
}

/** Ms a client is still to be left alone and why; `undefined` when it may be called. */
export function coolingDown(client: object, { maxMs = longest }: CoolDownOptions = {}): CoolingDown | undefined {
  const cooling = clients.get(client);
  if (cooling === undefined) return undefined;
  const ms = left(cooling, maxMs);
  return ms > 0 || isProbed(cooling) ? { ms: Math.max(0, ms), class: cooling.class } : undefined;
}

/** Takes on to call a client first after its cool-down; other runs pass it over until the call has ended. */
export function claimProbe(client: object, { maxMs = longest }: CoolDownOptions = {}): void {
  const cooling = clients.get(client);
  if (cooling !== undefined && left(cooling, maxMs) <= 0) cooling.claimedAt = Date.now();
}

/**
 * Does one attempt on a client and notes what it says of it: an answer ends the cool-down, a failure may begin one. After a cool-down
 * it is the probe other runs wait for; one that is stopped from outside says nothing, and the next call probes.
 *
 * @param options.stops signals that end the attempt from outside
 */
export async function watched<T>(
  client: object,
  work: () => Promise<T>,
  { stops = [], classify = classifyError, ...options }: CoolDownOptions & Observing = {},
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
    if (probes !== undefined && !errorClasses[failure.class].modelFault) warmUp(client); // it answered: the request was at fault
    throw error;
  } finally {
    probes?.delete(probe);
  }
}

/** The probes of a client whose cool-down is over, a new one to be added; `undefined` where a call is none. */
function probesOf(client: object, { maxMs = longest }: CoolDownOptions): Set<Probe> | undefined {
  const cooling = clients.get(client);
  if (cooling === undefined || left(cooling, maxMs) > 0) return undefined;
  delete cooling.claimedAt;
  return cooling.probes;
}

/** Notes that a client answered: whatever it was cooling down from is over. */
export function warmUp(client: object): void {
  clients.delete(client);
}

function left(cooling: Cooling, maxMs: number): number {
  const now = Date.now();
  cooling.since = Math.min(cooling.since, now); // a clock that is set back must not make it longer
  return cooling.since + Math.min(cooling.wait, maxMs) - now;
}

function isProbed({ claimedAt, probes }: Cooling): boolean {
  const now = Date.now();
  const isRecent = (time: number | undefined, span: number) => time !== undefined && Math.abs(now - time) < span;
  return isRecent(claimedAt, claimTime) || [...probes].some(({ startedAt }) => isRecent(startedAt, probeTime));
}

/** Refuses a cool-down that cannot work, when the graph is built. */
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
