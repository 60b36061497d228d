// The ledger of the timeline in README: a router over an ensemble, with a rate limit, a retry and a judge. Written by hand, at list prices,
// so that the picture is the same every time.

import { lookUpPrice, type ModelCall } from "../src/index.js";
import { costOf } from "../src/ledger/usage.js";

type Line = Pick<ModelCall, "path" | "model" | "role" | "startedAt" | "latencyMs"> & Partial<ModelCall>;

const line = (index: number, { path, model, usage, ...rest }: Line): ModelCall => ({
  ...{ id: `call-${index + 1}`, turnId: "turn", path, node: path.split("/").at(-1)!, model, status: "ok", attempt: 1 },
  ...{ ...(usage && { usage }), costUsd: usage === undefined ? 0 : costOf(usage, lookUpPrice(model)) },
  ...rest,
});

const rateLimited = { name: "RateLimitError", class: "rate_limit", status: 429 } as const;

export const timelineRun: readonly ModelCall[] = (
  [
    {
      path: "router",
      model: "gpt-4.1-nano",
      role: "router",
      startedAt: 0,
      latencyMs: 310,
      usage: { inputTokens: 214, outputTokens: 9 },
    },
    {
      path: "careful/small",
      model: "gpt-4o-mini",
      role: "answer",
      startedAt: 320,
      latencyMs: 1_180,
      timeToFirstTokenMs: 290,
      usage: { inputTokens: 161, outputTokens: 212 },
    },
    {
      path: "careful/large",
      model: "gpt-4o",
      role: "answer",
      startedAt: 320,
      latencyMs: 240,
      status: "error",
      error: rateLimited,
      costUsd: 0,
    },
    {
      path: "careful/large",
      model: "gpt-4o",
      role: "answer",
      startedAt: 2_060,
      latencyMs: 1_940,
      attempt: 2,
      retryWaitMs: 1_500,
      timeToFirstTokenMs: 420,
      usage: { inputTokens: 161, outputTokens: 264 },
    },
    {
      path: "careful/gemini",
      model: "gemini-2.5-flash",
      role: "answer",
      startedAt: 321,
      latencyMs: 1_620,
      timeToFirstTokenMs: 510,
      usage: { inputTokens: 158, outputTokens: 301 },
    },
    {
      path: "careful/aggregator",
      model: "gpt-4o",
      role: "aggregator",
      startedAt: 4_010,
      latencyMs: 1_240,
      timeToFirstTokenMs: 380,
      usage: { inputTokens: 902, outputTokens: 187 },
    },
    {
      path: "verifier",
      model: "gpt-4.1-nano",
      role: "judge",
      startedAt: 5_260,
      latencyMs: 430,
      usage: { inputTokens: 388, outputTokens: 31 },
    },
  ] as const
).map((each, index) => line(index, each));
