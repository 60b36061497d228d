import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  abandonLine,
  closeLine,
  failLine,
  isOpen,
  noteFirstToken,
  openLine,
  settleHit,
  settleLine,
} from "../../src/ledger/line.js";
import { ModelCall } from "../../src/ledger/model-call.js";

const price = { input: 1, output: 10 };
const place = { path: "small", node: "small", turnId: "t", role: "answer" as const };
/** A line with 2 input tokens. */
const opened = (overrides: object = {}) =>
  openLine(place, { model: "m", prompt: [new HumanMessage("eightsix")], price, ...overrides });
const failure = (kind: string, status?: number) => ({ class: kind, ...(status !== undefined && { status }) });

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("openLine", () => {
  it("says cancelled at the estimated cost of its prompt until the call ends", () => {
    const call = opened();
    expect(call).toMatchObject({
      ...place,
      model: "m",
      status: "cancelled",
      attempt: 1,
      startedAt: 1_000,
      latencyMs: 0,
    });
    expect(call).toMatchObject({
      usage: { inputTokens: 2, outputTokens: 0 },
      costUsd: 0.000002,
      estimated: true,
      price,
    });
    expect(ModelCall.safeParse(call).success).toBe(true);
    expect(opened({ attempt: 3 }).attempt).toBe(3);
    expect(opened({ price: null }).costUsd).toBeNull();
    expect(opened().id).not.toBe(call.id);
  });
});

describe("closeLine", () => {
  it("notes how long the call took, and no more after that", () => {
    const call = opened();
    expect(isOpen(call)).toBe(true);
    vi.advanceTimersByTime(30);
    noteFirstToken(call);
    vi.advanceTimersByTime(20);
    noteFirstToken(call);
    closeLine(call);
    expect(call).toMatchObject({ timeToFirstTokenMs: 30, latencyMs: 50 });
    expect(isOpen(call)).toBe(false);
    vi.advanceTimersByTime(40);
    closeLine(call);
    expect(call.latencyMs).toBeCloseTo(50, 6);
  });
});

describe("settleLine", () => {
  it("takes what the provider reported, at the price of the model that answered", () => {
    const call = opened();
    const usage_metadata = { input_tokens: 100, output_tokens: 7, total_tokens: 107 };
    settleLine(call, new AIMessage({ content: "hi", usage_metadata }), { input: 2, output: 20 });
    expect(call).toMatchObject({ status: "ok", usage: { inputTokens: 100, outputTokens: 7 }, costUsd: 0.00034 });
    expect(call.price).toEqual({ input: 2, output: 20 });
    expect(call).not.toHaveProperty("estimated");
  });

  it("estimates what the provider did not report, and nothing of an answer that is missing", () => {
    const call = opened();
    settleLine(call, new AIMessage("twelve bytes"), price);
    expect(call).toMatchObject({ usage: { inputTokens: 2, outputTokens: 3 }, costUsd: 0.000032, estimated: true });
    const silent = opened();
    settleLine(silent, undefined, null);
    expect(silent).toMatchObject({ status: "ok", usage: { inputTokens: 2, outputTokens: 0 }, costUsd: null });
    const bare = opened();
    delete bare.usage;
    settleLine(bare, new AIMessage("four"), price);
    expect(bare.usage).toEqual({ inputTokens: 0, outputTokens: 1 });
  });

  it("leaves an answer from the client's own cache free", () => {
    const call = opened();
    settleHit(call);
    settleLine(call, new AIMessage("twelve bytes"), price);
    failLine(call, new Error("late"), failure("server"), "part");
    expect(call.costUsd).toBe(0);
    expect(call).not.toHaveProperty("usage");
    expect(call).not.toHaveProperty("estimated");
    const cached = opened();
    settleHit(cached);
    settleLine(cached, undefined, price);
    expect(cached.status).toBe("cached");
  });
});

describe("failLine", () => {
  it("bills nothing of a request that was refused before it began", () => {
    const call = opened();
    failLine(call, new TypeError("no"), failure("invalid_request", 400));
    expect(call).toMatchObject({ status: "error", costUsd: 0 });
    expect(call.error).toEqual({ name: "TypeError", class: "invalid_request", message: "no", status: 400 });
    expect(call).not.toHaveProperty("usage");
    expect(call).not.toHaveProperty("estimated");
  });

  it("bills the part that came before it was cut off", () => {
    const call = opened();
    failLine(call, "cut", failure("network"), "twelve bytes");
    expect(call).toMatchObject({ status: "error", usage: { inputTokens: 2, outputTokens: 3 }, costUsd: 0.000032 });
    expect(call.error).toMatchObject({ name: "Error", class: "network" });
    expect(call.error).not.toHaveProperty("status");
  });

  it("bills the prompt of a call that timed out", () => {
    const call = opened();
    failLine(call, new Error("slow"), failure("timeout"));
    expect(call).toMatchObject({ status: "timeout", usage: { inputTokens: 2, outputTokens: 0 }, costUsd: 0.000002 });
    const late = opened();
    failLine(late, new Error("slow"), failure("timeout"), "four");
    expect(late.usage).toEqual({ inputTokens: 2, outputTokens: 1 });
  });

  it("bills an answer that was refused after it came as a whole", () => {
    const call = opened();
    settleLine(call, new AIMessage("twelve bytes"), price);
    failLine(call, new Error("empty"), failure("empty"));
    expect(call).toMatchObject({ status: "error", usage: { inputTokens: 2, outputTokens: 3 }, costUsd: 0.000032 });
  });
});

describe("abandonLine", () => {
  it.each(["cancelled", "timeout"] as const)("bills what came of a call that ends %s", (status) => {
    const call = opened();
    abandonLine(call, status, "four");
    expect(call).toMatchObject({ status, usage: { inputTokens: 2, outputTokens: 1 }, costUsd: 0.000012 });
    const bare = opened();
    delete bare.usage;
    delete bare.price;
    abandonLine(bare, status);
    expect(bare).toMatchObject({ usage: { inputTokens: 0, outputTokens: 0 }, costUsd: null });
  });
});
