import { MissingPackageError } from "../../errors/index.js";
import type { ModelCall } from "../../ledger/model-call.js";
import type { Catalogue } from "../catalogue.js";
import { keyWithin, others } from "../watch/bounded-map.js";
import type { Outcome, RunObserver, WatchedRun } from "../watch/watch.js";
import { type Meters, metersOf, showLimits } from "./meters.js";

/** Most pairs of an entry and a model that get series of their own. */
const mostPairs = 200;

/** Counts runs and calls for Prometheus. */
export class RunMetrics implements RunObserver {
  readonly #loading: Promise<Meters>;
  #meters: Meters | undefined;
  /** Counts from before the package was loaded. */
  #early: ((meters: Meters) => void)[] = [];
  readonly #pairs = new Map<string, true>();

  constructor(private readonly served: Catalogue) {
    this.#loading = import("prom-client").then(
      (client) => metersOf(client),
      (error) => {
        throw new MissingPackageError("createApp.metrics", ["prom-client"], error);
      },
    );
    this.#loading.then(
      (meters) => {
        this.#meters = meters;
        for (const note of this.#early.splice(0)) note(meters);
      },
      () => this.#early.splice(0),
    );
  }

  /** @throws {MissingPackageError} when `prom-client` is not installed */
  async loaded(): Promise<void> {
    await this.#loading;
  }

  /** Returns all counters as text, and its media type. */
  async text(): Promise<{ readonly text: string; readonly type: string }> {
    const meters = await this.#loading;
    showLimits(meters);
    return { text: await meters.registry.metrics(), type: meters.registry.contentType };
  }

  began({ model }: WatchedRun): void {
    this.#note(({ inFlight }) => inFlight.inc({ model }));
  }

  called({ model: name }: WatchedRun, call: Readonly<ModelCall>): void {
    const { status, role, usage, costUsd, latencyMs, timeToFirstTokenMs, error } = call;
    const place = this.#placeOf(name, call);
    this.#note((meters) => {
      meters.calls.inc({ ...place, role, status, error_class: error?.class ?? "" });
      if (status !== "cached") meters.callDuration.observe(place, latencyMs / 1_000);
      if (timeToFirstTokenMs !== undefined) meters.firstToken.observe(place, timeToFirstTokenMs / 1_000);
      if (costUsd === null) meters.unpriced.inc(place);
      else meters.cost.inc(place, costUsd);
      if (usage === undefined) return;
      const { inputTokens, outputTokens, ...details } = usage;
      meters.tokens.inc({ ...place, type: "input" }, inputTokens);
      meters.tokens.inc({ ...place, type: "output" }, outputTokens);
      for (const [name, count] of Object.entries(details))
        meters.tokenDetails.inc({ ...place, type: typeOf(name) }, count);
    });
  }

  refused(_run: WatchedRun, budget: string): void {
    this.#note(({ refusals }) => refusals.inc({ budget }));
  }

  ended({ model }: WatchedRun, outcome: Outcome, durationMs: number): void {
    this.#note((meters) => {
      meters.inFlight.dec({ model });
      meters.runs.inc({ model, ...statusOf(outcome) });
      meters.runDuration.observe({ model }, durationMs / 1_000);
    });
  }

  #note(note: (meters: Meters) => void): void {
    if (this.#meters !== undefined) note(this.#meters);
    else this.#early.push(note);
  }

  /** Returns the labels of a call; what no longer fits is counted together. */
  #placeOf(name: string, { node, model }: Readonly<ModelCall>): { readonly entry: string; readonly model: string } {
    const entry = this.served.get(name)?.servedPath(node) ?? node;
    const pair = JSON.stringify([entry, model]);
    if (keyWithin(this.#pairs, pair, mostPairs) === others) return { entry: others, model: others };
    this.#pairs.set(pair, true);
    return { entry, model };
  }
}

/** Converts `cacheReadTokens` to `cache_read`. */
function typeOf(name: string): string {
  return name.replace(/Tokens$/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function statusOf(outcome: Outcome): { readonly status: string; readonly code: string } {
  if ("answer" in outcome) return { status: "ok", code: "" };
  const { status, body } = outcome.failure;
  return { status: status === 408 ? "cancelled" : "error", code: body.error.code ?? "" };
}
