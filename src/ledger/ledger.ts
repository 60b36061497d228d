import { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import type { Decision } from "../state/decision.js";

/** USD per million tokens. `cacheRead`, `cacheWrite` and `audioInput` default to `input`, `audioOutput` to `output`. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly audioInput?: number;
  readonly audioOutput?: number;
  /** Prices of a long request: they apply to all of its tokens once its input has more than `above` tokens. */
  readonly longInput?: readonly (Omit<Price, "longInput"> & { readonly above: number })[];
}

const tokens = z.number().int().nonnegative();

/** Tokens of one call. `inputTokens` counts cached ones and those of audio in, `outputTokens` reasoning ones and those of audio. */
export const CallUsage = z.object({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens.optional(),
  cacheWriteTokens: tokens.optional(),
  reasoningTokens: tokens.optional(),
  audioInputTokens: tokens.optional(),
  audioOutputTokens: tokens.optional(),
});
export type CallUsage = z.infer<typeof CallUsage>;

/** One attempt on one model: a line of the ledger. */
export const ModelCall = z.object({
  id: z.string(),
  turnId: z.string().describe("Equal for all calls of one run; begins with the id of the message it answers"),
  path: z.string().describe("Where in the (nested) graph: `research/claude`, `verifier`"),
  node: z.string(),
  model: z.string().describe("The provider's id of the model; the key where the client has none"),
  role: z.enum(["answer", "judge", "router", "aggregator", "summary", "embedding"]),
  status: z.enum(["ok", "error", "cancelled", "timeout", "cached"]),
  attempt: z.number().int().positive(),
  startedAt: z.number().describe("Unix time, ms"),
  latencyMs: z.number(),
  timeToFirstTokenMs: z.number().optional(),
  usage: CallUsage.optional(),
  costUsd: z.number().nullable().describe("null: the price is unknown"),
  price: (z.any() as unknown as z.ZodType<Price | null>).optional().describe("USD per million tokens, as used"),
  estimated: z.literal(true).optional().describe("The provider gave no usage: tokens are characters / 4"),
  summed: z.literal(true).optional().describe("A whole run in one line: nothing but its sums are known"),
  error: z
    .object({ name: z.string(), class: z.string(), status: z.number().optional(), message: z.string().optional() })
    .optional(),
});
export type ModelCall = z.infer<typeof ModelCall>;

/**
 * Refuses what is no list of calls.
 *
 * @param owner the function that was given it
 */
export function checkCalls(calls: readonly ModelCall[], owner: string): void {
  if (!Array.isArray(calls) || !calls.every((call) => typeof call === "object" && call !== null)) {
    throw new InvalidOptionError(
      `${owner}.calls`,
      calls,
      "give the `calls` of a run's final state, or of callsOf(error)",
    );
  }
}

/**
 * Adds up what calls cost, in USD.
 *
 * **Gotchas** - `null` as soon as one call has tokens and no known price: an unknown cost is not 0.
 *
 * @param options.unknown `"null"` (default), or `"ignore"` to sum the priced calls only
 * @example
 * ```ts
 * const { calls } = await graph.invoke({ messages: "Hi" });
 * totalCost(calls); // 0.00042
 * ```
 * @throws {InvalidOptionError} when `calls` is no list of calls
 */
export function totalCost(
  calls: readonly ModelCall[],
  options: { readonly unknown?: "null" | "ignore" } = {},
): number | null {
  checkCalls(calls, "totalCost");
  let sum = 0;
  for (const call of calls) {
    if (call.costUsd !== null) sum += call.costUsd;
    else if (options.unknown !== "ignore") return null;
  }
  return sum;
}

/**
 * Adds up the tokens of calls, judges and routers included.
 *
 * @example
 * ```ts
 * totalTokens(calls); // { inputTokens: 812, outputTokens: 95, totalTokens: 907 }
 * ```
 * @throws {InvalidOptionError} when `calls` is no list of calls
 */
export function totalTokens(calls: readonly ModelCall[]): CallUsage & { totalTokens: number } {
  checkCalls(calls, "totalTokens");
  const sum = {
    ...{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    ...{ audioInputTokens: 0, audioOutputTokens: 0 },
  };
  for (const { usage = { inputTokens: 0, outputTokens: 0 } } of calls) {
    for (const kind of Object.keys(sum) as (keyof CallUsage)[]) sum[kind] += usage[kind] ?? 0;
  }
  const { inputTokens, outputTokens, ...details } = sum;
  const present = Object.fromEntries(Object.entries(details).filter(([, count]) => count > 0));
  return { inputTokens, outputTokens, ...present, totalTokens: inputTokens + outputTokens };
}

/** True where tokens of a call are an estimate, and so are sums they are in. */
export function isEstimated(calls: readonly ModelCall[]): boolean {
  return calls.some(({ estimated, usage }) => estimated === true && usage !== undefined);
}

/** What one model did, from `byModel`. */
export interface ModelSummary {
  readonly calls: number;
  /** Calls that ended in an error or a time-out. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Milliseconds, mean over all calls. */
  readonly meanLatencyMs: number;
  readonly costUsd: number | null;
}

/**
 * Groups calls by model id.
 *
 * @example
 * ```ts
 * byModel(calls)["gpt-4o-mini"]?.costUsd;
 * ```
 * @throws {InvalidOptionError} when `calls` is no list of calls
 */
export function byModel(calls: readonly ModelCall[]): Record<string, ModelSummary> {
  checkCalls(calls, "byModel");
  const groups = new Map<string, ModelCall[]>();
  for (const call of calls) {
    const group = groups.get(call.model);
    if (group === undefined) groups.set(call.model, [call]);
    else group.push(call);
  }
  return Object.fromEntries(
    [...groups].map(([model, group]) => {
      const { inputTokens, outputTokens } = totalTokens(group);
      const failed = group.filter(({ status }) => status === "error" || status === "timeout").length;
      const meanLatencyMs = group.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / group.length;
      return [
        model,
        { calls: group.length, failed, inputTokens, outputTokens, meanLatencyMs, costUsd: totalCost(group) },
      ];
    }),
  );
}

/** Shared by all copies of the package in a process. */
const kept = Symbol.for("langgraph-multimodel.ledger");

/** What a run leaves with the error that ended it, or with its answer. */
export interface Kept {
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
}

/**
 * Keeps the ledger of a run with what it ended in: an error, or the answer of a chat model. What other nodes of the run left there
 * stays.
 *
 * @param options.shared also what other runs left there stays: an abort ends all runs under one signal with one error
 */
export function keepLedger<Outcome>(
  outcome: Outcome,
  { calls, decisions }: Kept,
  { shared = false }: { readonly shared?: boolean } = {},
): Outcome {
  if (typeof outcome !== "object" || outcome === null || !Object.isExtensible(outcome)) return outcome;
  const before = keptLedger(outcome);
  const turns = new Set(calls.map(({ turnId }) => turnId));
  const beside = shared || turns.size === 0 || before.calls.some(({ turnId }) => turns.has(turnId));
  const value = beside ? joinLedgers(before, { calls, decisions }) : { calls, decisions };
  return Object.defineProperty(outcome, kept, { value, enumerable: false, configurable: true });
}

function joinLedgers(one: Kept, other: Kept): Kept {
  const calls = new Map([...one.calls, ...other.calls].map((call) => [call.id, call]));
  return {
    calls: [...calls.values()].sort((a, b) => a.startedAt - b.startedAt),
    decisions: [...new Set([...one.decisions, ...other.decisions])],
  };
}

/** What `keepLedger` kept. */
export function keptLedger(outcome: unknown): Kept {
  const ledger = typeof outcome === "object" && outcome !== null ? (outcome as { [kept]?: Kept })[kept] : undefined;
  return ledger ?? { calls: [], decisions: [] };
}

/**
 * The ledger of a run that threw - what was paid although nothing came back - or of an answer of `asChatModel`.
 *
 * **Gotchas** - known for errors that ended a run inside a node of a pattern, an abort or a time-out of the run among them, for the
 * message `invoke` of an `asChatModel` returned, and for the last chunk of its stream; for others, copies of these too, it is empty.
 * Runs that one signal aborts end in one error, which has the calls of all of them: tell them apart by `turnId`.
 *
 * @example
 * ```ts
 * await graph.invoke({ messages: "Hi" }).catch((error) => console.log(totalCost(callsOf(error))));
 * ```
 * @throws {InvalidOptionError} when it is given the final state of a run
 */
export function callsOf(outcome: unknown): readonly ModelCall[] {
  const { calls } = Object(outcome) as { readonly calls?: unknown };
  if (Array.isArray(calls) && !(outcome instanceof Error)) {
    throw new InvalidOptionError(
      "callsOf.outcome",
      outcome,
      "a final state has its ledger in `calls`: totalCost(state.calls)",
    );
  }
  return keptLedger(outcome).calls;
}
