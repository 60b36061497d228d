import { type ErrorClass, errorClasses, isLimit, LimitReachedError, safeCause } from "../errors/index.js";
import { publish } from "../events/publish.js";
import { type BreakerSettings, longestOpening } from "./breaker-options.js";
import { type Classified, classifyError, type ObserveOptions } from "./classify-error.js";
import type { Guard } from "./guard.js";
import { isProbed, type Probed } from "./probes.js";

/** Attempts kept per client for the share of failures; a new one replaces the oldest. */
const capacity = 1_000;

interface Ended {
  readonly at: number;
  readonly failed: boolean;
}

/** The probes are attempts in progress after the breaker was open. */
interface Opening extends Probed {
  readonly class: ErrorClass;
  /** Milliseconds the provider asked for. */
  readonly waitMs: number;
  /** The failure that opened it; missing when another process opened it. */
  readonly cause?: Error | undefined;
  at: number;
}

interface Circuit {
  /** Ring buffer: attempt n is at n modulo the capacity. */
  ended: Ended[];
  count: number;
  /** Failures since the last answer. */
  streak: number;
  opening?: Opening | undefined;
}

/** An open breaker, or one whose probe is in progress. */
export interface OpenBreaker extends Pick<Opening, "class" | "cause"> {
  /** Unix time in ms from which the client may be called again. */
  readonly retryAt: number;
  /** Milliseconds until then; 0 while another call probes the client. */
  readonly ms: number;
}

/** Breakers belong to a client, for all graphs of this process. */
const circuits = new WeakMap<object, Circuit>();

function circuitOf(client: object): Circuit {
  const circuit = circuits.get(client) ?? { ended: [], count: 0, streak: 0 };
  circuits.set(client, circuit);
  return circuit;
}

/** Returns why a client should not be called; `undefined` if its breaker is closed or the call would be the probe. */
export function openBreaker(client: object, settings: Pick<BreakerSettings, "openMs">): OpenBreaker | undefined {
  const opening = circuits.get(client)?.opening;
  if (opening === undefined) return undefined;
  const ms = left(opening, settings);
  if (ms <= 0 && !isProbed(opening)) return undefined;
  return { class: opening.class, cause: opening.cause, ms: Math.max(0, ms), retryAt: Date.now() + Math.max(0, ms) };
}

/** Returns true from the failure that opened a breaker to the answer that closes it. */
export function hasOpened(client: object): boolean {
  return circuits.get(client)?.opening !== undefined;
}

/** Says until when a breaker is open. */
export function describeBreaker({ class: kind, ms, retryAt }: OpenBreaker): string {
  if (ms === 0) return `breaker half-open: another call finds out whether it answers again (${kind})`;
  return `breaker open until ${new Date(retryAt).toISOString()}, ${Math.ceil(ms / 1_000)} s more (${kind})`;
}

/** Guard that skips a client while its breaker is open, and while another call probes it. */
export function breakerGuard(settings: BreakerSettings): Guard {
  return {
    unavailable: (client) => {
      const open = openBreaker(client, settings);
      return open && { reason: describeBreaker(open), ...(open.ms > 0 && { waitMs: open.ms }) };
    },
  };
}

/** Reports of a breaker that changed, for a store of several processes. */
export interface BreakerChanges {
  readonly opened?: (opening: { readonly class: ErrorClass; readonly at: number; readonly waitMs: number }) => void;
  readonly closed?: () => void;
}

interface BreakerCall extends ObserveOptions, BreakerChanges {
  /** Name of the model in events. @default "model" */
  readonly model?: string;
}

/**
 * Runs one attempt on a client and counts how it ends. An attempt that begins while the breaker is open, or as its probe, closes it with
 * any answer of the provider, a refusal too; a failed probe opens it again. Aborts, limits of the caller and errors of an unknown
 * kind count for nothing.
 */
export async function withBreaker<T>(
  client: object,
  work: () => Promise<T>,
  settings: BreakerSettings,
  { stops = [], classify = classifyError, opened, closed, model = "model" }: BreakerCall = {},
): Promise<T> {
  const circuit = circuitOf(client);
  const { opening } = circuit;
  const probing = opening !== undefined && left(opening, settings) <= 0;
  const probe = { startedAt: Date.now() };
  if (probing) {
    if (opening.probes.size === 0) publish("breaker", () => ({ state: "half_open", model, class: opening.class }));
    opening.probes.add(probe);
  }
  const answered = () => {
    if (opening === undefined || circuit.opening !== opening) return;
    Object.assign(circuit, { ended: [], count: 0, streak: 0, opening: undefined });
    closed?.();
    publish("breaker", () => ({ state: "closed", model }));
  };
  try {
    const value = await work();
    answered();
    remember(circuit, false);
    return value;
  } catch (error) {
    const failure = classify(error);
    if (stops.some((signal) => signal?.aborted) || failure.class === "interrupt") throw error;
    if (errorClasses[failure.class].outage === true) {
      remember(circuit, true);
      const again = probing && circuit.opening === opening;
      if (again || (circuit.opening === undefined && isTripped(circuit, settings))) {
        const now = openingBy(error, failure);
        circuit.opening = now;
        opened?.(now);
        const retryAt = () => Date.now() + left(now, settings);
        publish("breaker", () => ({ state: "open", model, class: now.class, retryAt: retryAt() }));
      }
    } else if (failure.class !== "unknown" && !isLimit(failure.class) && !LimitReachedError.isInstance(error))
      answered();
    throw error;
  } finally {
    if (probing) opening.probes.delete(probe);
  }
}

/** Opens the breaker of a client that another process found failing. */
export function openElsewhere(client: object, opening: Pick<Opening, "class" | "at" | "waitMs">): void {
  const circuit = circuitOf(client);
  if (circuit.opening === undefined || circuit.opening.at < opening.at)
    circuit.opening = { ...opening, probes: circuit.opening?.probes ?? new Set() };
}

function openingBy(error: unknown, { class: kind, retryAfterMs = 0 }: Classified): Opening {
  return { class: kind, waitMs: retryAfterMs, cause: safeCause(error), at: Date.now(), probes: new Set() };
}

function remember(circuit: Circuit, failed: boolean): void {
  circuit.streak = failed ? circuit.streak + 1 : 0;
  circuit.ended[circuit.count++ % capacity] = { at: Date.now(), failed };
}

function isTripped({ streak, ended }: Circuit, { failures, ratio, minimum, windowMs }: BreakerSettings): boolean {
  if (failures > 0 && streak >= failures) return true;
  if (ratio === 0 || windowMs === 0) return false;
  const now = Date.now();
  const recent = ended.filter(({ at }) => Math.abs(now - at) < windowMs);
  const failed = recent.filter((each) => each.failed).length;
  return recent.length >= minimum && failed > ratio * recent.length;
}

function left(opening: Opening, { openMs }: Pick<BreakerSettings, "openMs">): number {
  const now = Date.now();
  opening.at = Math.min(opening.at, now); // a clock set back must not prolong it
  return opening.at + Math.max(openMs, Math.min(opening.waitMs, longestOpening)) - now;
}
