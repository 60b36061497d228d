import { LimitReachedError } from "../errors/index.js";
import { onAbort } from "./deadline.js";
import type { Guard } from "./guard.js";
import { type LimitOptions, queueTime } from "./limit-options.js";
import { sharedLimit } from "./limit-store.js";
import { noteRequest, providerWait } from "./provider-limits.js";
import { slidingWindow } from "./sliding-window.js";

/** A call that needs room. */
export interface LimitedCall {
  readonly client: object;
  /** Tokens it may use. */
  readonly tokens: number;
  readonly stops: readonly (AbortSignal | undefined)[];
  /** Returns true if another model can take the call, which then does not wait. */
  readonly movesOn: () => boolean;
  /** Called with the milliseconds that the call stood in the queue. */
  readonly noteWait?: (ms: number) => void;
}

/** Gives a place back, with the tokens that were really used. */
export type Leave = (usedTokens: number) => void;

/** Room for calls under one limit. */
export interface Limiter extends Guard {
  /** True if it counts tokens. */
  readonly countsTokens: boolean;
  /**
   * Waits for room, in order of arrival.
   *
   * @throws {LimitReachedError} when the wait is over, or another model can take the call
   */
  enter(call: LimitedCall): Promise<Leave>;
}

/** Reason why a call has to wait. */
interface Block {
  readonly reason: string;
  /** Milliseconds; `Infinity` until another call ends. */
  readonly ms: number;
  /** True if calls of another client may go first. */
  readonly ofClient?: boolean;
}

interface Waiting {
  readonly call: LimitedCall;
  readonly start: (leave: Leave) => void;
}

/** Used tokens of a call that was not made at all. */
const unsent = -1;

const minute = 60_000;
const seconds = (ms: number) => `${Math.ceil(ms / 1_000)} s more`;

/** Makes the room of a limit. */
export function limiterOf(options: LimitOptions): Limiter {
  const { concurrency = Infinity, requestsPerMinute = Infinity, tokensPerMinute = Infinity } = options;
  const requests = slidingWindow(requestsPerMinute, minute);
  const tokens = slidingWindow(tokensPerMinute, minute);
  const shared = sharedLimit(options);
  const queue: Waiting[] = [];
  let running = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Returns the longest reason to wait. */
  function blockOf(client: object, amount: number): Block | undefined {
    if (running >= concurrency) return { reason: `limit of ${concurrency} calls at once is reached`, ms: Infinity };
    const ofRequests = requests.waitFor(1);
    const ofTokens = tokens.waitFor(amount);
    const elsewhere = shared?.waitFor() ?? 0;
    const ofClient = providerWait(client, amount);
    const ms = Math.max(ofRequests, ofTokens, elsewhere, ofClient);
    if (ms <= 0) return undefined;
    if (ms === ofRequests)
      return { ms, reason: `limit of ${requestsPerMinute} requests per minute is reached for ${seconds(ms)}` };
    if (ms === ofTokens)
      return { ms, reason: `limit of ${tokensPerMinute} tokens per minute is reached for ${seconds(ms)}` };
    if (ms === elsewhere) return { ms, reason: `limit shared with other processes is reached for ${seconds(ms)}` };
    return { ms, reason: `limit of its provider is reached for ${seconds(ms)}`, ofClient: true };
  }

  function start({ client, tokens: amount }: LimitedCall): Leave {
    running++;
    const request = requests.take(1);
    const taken = tokens.take(amount);
    noteRequest(client, amount);
    return (used) => {
      running--;
      if (used === unsent) requests.correct(request, 0);
      tokens.correct(taken, Math.max(0, used));
      next();
    };
  }

  /** Starts the calls that have room, and looks again when the next one may have. */
  function next(): void {
    clearTimeout(timer);
    let soonest = Infinity;
    for (let index = 0; index < queue.length; ) {
      const { call, start: go } = queue[index]!;
      const block = blockOf(call.client, call.tokens);
      if (block === undefined) {
        queue.splice(index, 1);
        go(start(call));
        continue;
      }
      soonest = Math.min(soonest, block.ms);
      if (block.ofClient !== true) break;
      index++;
    }
    if (soonest < Infinity) timer = setTimeout(next, soonest);
  }

  /** Waits in the queue until there is room, a stop fires or the time is over. */
  function wait(call: LimitedCall, ms: number | undefined): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const undo: (() => void)[] = [];
      const waiting: Waiting = { call, start: (leave) => settle(() => resolve(leave)) };
      const settle = (end: () => void) => {
        for (const step of undo) step();
        end();
      };
      const give = (error: () => unknown) => () => {
        const reason = error(); // read while the call still stands in the queue
        queue.splice(queue.indexOf(waiting), 1);
        settle(() => reject(reason));
        next();
      };
      for (const stop of call.stops)
        if (stop !== undefined)
          undo.push(
            onAbort(
              stop,
              give(() => stop.reason),
            ),
          );
      if (ms !== undefined) {
        const over = setTimeout(() => {
          next(); // room and the end of the wait may come at the same ms
          if (queue.includes(waiting)) give(() => reached(blockOf(call.client, call.tokens)))();
        }, ms);
        undo.push(() => clearTimeout(over));
      }
      queue.push(waiting);
      next();
    });
  }

  return {
    countsTokens: tokensPerMinute < Infinity,
    unavailable(client) {
      const block = blockOf(client, 1) ?? (queue.length > 0 ? inQueue(queue.length) : undefined);
      return block && { reason: block.reason, ...(block.ms < Infinity && { waitMs: block.ms }) };
    },
    async enter(call) {
      const until = queueTime(options);
      const since = Date.now();
      for (;;) {
        for (const stop of call.stops) stop?.throwIfAborted();
        const block = blockOf(call.client, call.tokens) ?? (queue.length > 0 ? inQueue(queue.length) : undefined);
        if (block !== undefined && call.movesOn()) throw reached(block);
        const left = until === undefined ? undefined : Math.max(0, since + until - Date.now());
        const queued = performance.now();
        const leave = block === undefined ? start(call) : await wait(call, left);
        if (block !== undefined) call.noteWait?.(performance.now() - queued);
        if (shared === undefined) return leave;
        const granted = await shared.take(call.tokens);
        if (granted === false) {
          leave(unsent); // other processes were faster
          continue;
        }
        return (used) => {
          granted(used);
          leave(used);
        };
      }
    },
  };
}

const inQueue = (calls: number): Block => ({
  reason: `limit is reached, and ${calls} calls wait already`,
  ms: Infinity,
});

function reached(block: Block = inQueue(1)): LimitReachedError {
  return new LimitReachedError(block.reason, block.ms < Infinity ? block.ms : undefined);
}
