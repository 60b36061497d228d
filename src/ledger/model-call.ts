import { z } from "zod";

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

/** Tokens of one call. `inputTokens` includes cached and audio tokens, `outputTokens` reasoning and audio tokens. */
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
  turnId: z.string().describe("Same for all calls of one run; begins with the id of the answered message"),
  path: z.string().describe("Position in the nested graph: `research/claude`, `verifier`"),
  node: z.string(),
  model: z.string().describe("Model id of the provider; the key of the model if the client has no id"),
  role: z.enum(["answer", "judge", "router", "aggregator", "summary", "embedding", "shadow"]),
  status: z.enum(["ok", "error", "cancelled", "timeout", "cached"]),
  attempt: z.number().int().positive(),
  hedge: z.literal(true).optional().describe("Second request of a hedged call"),
  startedAt: z.number().describe("Unix time, ms"),
  retryWaitMs: z.number().optional().describe("Wait between the attempt before and this one, before `startedAt`"),
  queuedMs: z.number().optional().describe("Wait for room under the `limit` of the model, before `startedAt`"),
  latencyMs: z.number(),
  timeToFirstTokenMs: z.number().optional(),
  usage: CallUsage.optional(),
  costUsd: z.number().nullable().describe("null: the price is unknown"),
  price: (z.any() as unknown as z.ZodType<Price | null>).optional().describe("USD per million tokens, as used"),
  estimated: z.literal(true).optional().describe("The provider reported no usage: tokens are bytes / 4"),
  paidOnce: z
    .object({ usage: CallUsage, costUsd: z.number().nullable() })
    .optional()
    .describe("Of an answer from `exactCache` or `semanticCache`: what the call used that gave it first"),
  summed: z.literal(true).optional().describe("Summary of a whole run, of which only the sums are known"),
  error: z
    .object({ name: z.string(), class: z.string(), status: z.number().optional(), message: z.string().optional() })
    .optional(),
});
export type ModelCall = z.infer<typeof ModelCall>;

/** True for a call of a shadow: neither its cost nor its time is that of the answer. */
export const isOfShadow = ({ role }: Pick<ModelCall, "role">): boolean => role === "shadow";
/** True for a call that has a part in the answer. */
export const isForAnswer = (call: Pick<ModelCall, "role">): boolean => !isOfShadow(call);

/** Milliseconds that a request waited before it was sent. */
export type Waits = Pick<ModelCall, "retryWaitMs" | "queuedMs">;
