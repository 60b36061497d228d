import { type ChaosFault, chaosFaults } from "./chaos-faults.js";
import type { BilledTokens, LoopbackRequest } from "./loopback-request.js";
import type { AnswerReply, Reply, ReplySource } from "./reply.js";
import { seeded } from "./seeded.js";
import { SCRIPTED_TEXT } from "./send-reply.js";

/** Options of `chaos`. */
export interface ChaosOptions {
  /** Share of requests that fail, 0..1; by model where models differ, 0 for those left out. @default 0.3 */
  readonly rate?: number | Readonly<Record<string, number>>;
  /** Same seed, same faults: the nth request of a model fails in the same way in every run. @default 0 */
  readonly seed?: number | string;
  /** Faults to draw from; name one several times to have it more often. @default all */
  readonly faults?: readonly ChaosFault[];
  /** Answer of a request that does not fail. @default a sentence that says it is scripted */
  readonly reply?: ReplySource;
  /** Milliseconds until the first token of `slowFirstToken`. @default 5_000 */
  readonly slowMs?: number;
  /** Wait that `rateLimitWithWait` names, in seconds or as an HTTP date. @default "1" */
  readonly retryAfter?: string;
}

/** One request, and what was drawn for it. */
export interface ChaosDraw {
  /** Number of the request among those of its model, from 1. */
  readonly number: number;
  /** Unset if it was answered. */
  readonly fault?: ChaosFault;
  readonly request: LoopbackRequest;
}

/** What one model received, and what a bill would say. */
export interface ChaosCounts extends BilledTokens {
  readonly requests: number;
  /** Requests that the client gave up. */
  readonly aborted: number;
  readonly faults: Readonly<Partial<Record<ChaosFault, number>>>;
}

/** A reply for `startLoopbackServer` that fails at random. */
export interface Chaos {
  (request: LoopbackRequest): Promise<Reply>;
  /** All requests in order of arrival. */
  readonly draws: readonly ChaosDraw[];
  /** Counts by model. Wait for `server.settled()` first, or requests may still be open. */
  counts(): Readonly<Record<string, ChaosCounts>>;
}

/**
 * Makes a server that fails at random, by seed and in every way providers fail, in the format of each.
 *
 * **When to use**: to test that a graph of yours answers, and pays for no request twice, while its providers fail. For one failure at a
 * time use `failWith`.
 *
 * **Gotchas**: some faults never end, so give each entry a `timeout` and, for slow first tokens, a `firstTokenTimeout`. Rate limits and
 * spent quotas cool a model down: `coolDown: { maxMs: 0 }` keeps every request independent of the one before. `badRequest` ends a run, as
 * the caller's own mistake does; leave it out where every run is to succeed.
 *
 * @example
 * ```ts
 * import { ChatOpenAI } from "@langchain/openai";
 * import { chaos, startLoopbackServer } from "langgraph-multimodel/testing";
 *
 * const upstream = chaos({ rate: 0.5, seed: 11, faults: ["serverError", "cut"], reply: "Fine." });
 * const server = await startLoopbackServer({ reply: upstream });
 *
 * const model = new ChatOpenAI({
 *   model: "gpt-x",
 *   apiKey: "none",
 *   maxRetries: 0,
 *   configuration: { baseURL: server.openaiUrl },
 * });
 * for (let call = 0; call < 8; call++) await model.invoke("Hi").catch(() => {});
 * await server.settled();
 * console.log(upstream.draws.map(({ fault = "-" }) => fault).join(" ")); // serverError - - serverError serverError - - cut
 * console.log(upstream.counts()["gpt-x"]?.requests); // 8
 * await server.close();
 * ```
 *
 * @throws RangeError for a rate outside 0..1, TypeError for an unknown fault
 */
export function chaos(options: ChaosOptions = {}): Chaos {
  const { rate = 0.3, seed = 0, reply = SCRIPTED_TEXT, slowMs = 5_000, retryAfter = "1" } = options;
  const faults = options.faults ?? (Object.keys(chaosFaults) as ChaosFault[]);
  check(rate, faults);
  const draws: ChaosDraw[] = [];
  const received = new Map<string, number>();

  async function draw(request: LoopbackRequest): Promise<Reply> {
    const { model, provider } = request;
    const number = (received.get(model) ?? 0) + 1;
    received.set(model, number);
    const random = seeded(`${seed} ${model} ${number}`);
    const fails = random() < (typeof rate === "number" ? rate : (rate[model] ?? 0));
    const possible = faults.filter((name) => !chaosFaults[name].never?.includes(provider));
    const fault = fails ? possible[Math.floor(random() * possible.length)] : undefined;
    draws.push({ number, request, ...(fault === undefined ? {} : { fault }) });
    const said = typeof reply === "function" ? await reply(request) : reply;
    if (fault === undefined) return said;
    return chaosFaults[fault].reply({ request, answer: answerIn(said), random, slowMs, retryAfter });
  }

  return Object.assign(draw, { draws, counts: () => countsOf(draws) });
}

/** Returns the answer that a fault breaks; the scripted one where the reply is a failure itself. */
function answerIn(reply: Reply): AnswerReply {
  if (typeof reply === "string") return { text: reply };
  return reply.error === undefined && reply.fault === undefined ? reply : { text: SCRIPTED_TEXT };
}

function countsOf(draws: readonly ChaosDraw[]): Record<string, ChaosCounts> {
  const counts: Record<string, ChaosCounts> = {};
  for (const { request, fault } of draws) {
    const before = counts[request.model] ?? { requests: 0, aborted: 0, inputTokens: 0, outputTokens: 0, faults: {} };
    counts[request.model] = {
      requests: before.requests + 1,
      aborted: before.aborted + Number(request.aborted),
      inputTokens: before.inputTokens + (request.billed?.inputTokens ?? 0),
      outputTokens: before.outputTokens + (request.billed?.outputTokens ?? 0),
      faults: fault === undefined ? before.faults : { ...before.faults, [fault]: (before.faults[fault] ?? 0) + 1 },
    };
  }
  return counts;
}

function check(rate: number | Readonly<Record<string, number>>, faults: readonly ChaosFault[]): void {
  for (const share of typeof rate === "number" ? [rate] : Object.values(rate)) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`chaos: rate is ${share}; give a share from 0 to 1`);
  }
  if (faults.length === 0)
    throw new TypeError("chaos: faults is empty; leave it out for all, or give rate: 0 for none");
  for (const name of faults) {
    if (!Object.hasOwn(chaosFaults, name)) {
      throw new TypeError(`chaos: ${JSON.stringify(name)} is no fault; give ${Object.keys(chaosFaults).join(", ")}`);
    }
  }
}
