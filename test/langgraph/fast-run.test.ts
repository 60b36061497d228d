import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { callsOf, type createFallback } from "../../src/index.js";
import { runsOf } from "../support/property-runs.js";
import { built, graphs, left, type Spec } from "./support/random-graphs.js";

const key = "LANGGRAPH_MULTIMODEL_FAST";
const before = process.env[key];
afterEach(() => {
  if (before === undefined) delete process.env[key];
  else process.env[key] = before;
});

/** Runs a new graph of a spec, with LangGraph's loop or without it, and describes how it ended. */
async function ended(spec: Spec, isFast: boolean, options: object = {}): Promise<string> {
  process.env[key] = isFast ? "1" : "0";
  const aborting = new AbortController();
  const graph = built(spec, aborting) as ReturnType<typeof createFallback>;
  const input = { messages: [new HumanMessage({ content: "Q", id: "q" })] };
  const settings = { signal: aborting.signal, context: { sessionId: "s" }, ...options };
  const outcome = await graph
    .compile()
    .invoke(input as never, settings as never)
    .catch((error: Error) => error);
  return described(outcome);
}

/** Writes an outcome as text, without times, and with ids numbered as they come. */
function described(outcome: unknown): string {
  const error = outcome instanceof Error ? outcome : undefined;
  const shown = error
    ? { name: error.name, message: error.message, errors: innerErrors(error), calls: callsAt(error) }
    : outcome;
  const text = JSON.stringify(
    shown,
    (field, value: unknown) => {
      if (["startedAt", "answeredAt", "latencyMs", "firstTokenMs", "retryWaitMs", "queuedMs"].includes(field))
        return undefined;
      return isMessage(value)
        ? { type: value.type, text: value.content, id: value.id, about: value.response_metadata }
        : value;
    },
    1,
  );
  const ids = new Map<string, string>();
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=q#)[0-9a-f]{8}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
    return ids.get(id)!;
  });
}

const innerErrors = (error: Error) =>
  (error as AggregateError).errors?.map(({ name, message }: Error) => `${name}: ${message}`);
/** Calls of a run that failed; which of them had begun when a caller left depends on the event loop. */
const callsAt = (error: Error) => (error.message === left ? [] : callsOf(error));
const isMessage = (value: unknown): value is BaseMessage =>
  typeof (value as BaseMessage | undefined)?.getType === "function" ||
  Array.isArray((value as BaseMessage)?.lc_namespace);

/** Runs a graph whose models abort the run, and returns what it throws. */
async function thrownAfter(spec: Spec, isFast: boolean, reason: unknown): Promise<unknown> {
  process.env[key] = isFast ? "1" : "0";
  const aborting = new AbortController();
  const abort = aborting.abort.bind(aborting);
  aborting.abort = () => abort(reason);
  const graph = built(spec, aborting) as ReturnType<typeof createFallback>;
  const run = graph.compile().invoke({ messages: "Q" }, { signal: aborting.signal });
  return run.then(
    () => "an answer",
    (thrown: unknown) => thrown,
  );
}

describe("a run that nothing observes", () => {
  it("ends as LangGraph's loop ends it: state, ledger, decisions, errors", async () => {
    const outcomes = { answers: 0, errors: 0 };
    await fc.assert(
      fc.asyncProperty(graphs, async (spec) => {
        const slow = await ended(spec, false);
        outcomes[slow.startsWith('{\n "name"') ? "errors" : "answers"]++;
        expect(await ended(spec, true)).toBe(slow);
      }),
      { numRuns: runsOf(Number(process.env.FAST_GRAPHS ?? 1_000)), seed: Number(process.env.FAST_SEED ?? 16) },
    );
    expect(Math.min(outcomes.answers, outcomes.errors)).toBeGreaterThan(runsOf(50));
  });

  it.each(["a text", 7, null, undefined, { why: "enough" }, new Error("enough")])(
    "throws what the caller aborts with: %o",
    async (reason) => {
      const spec = (kind: "fallback" | "ensemble"): Spec => {
        const models = [0, 1].map(() => ({ kind: "model", turns: ["aborts"] }) as const);
        return { kind, models, choice: 0 };
      };
      for (const kind of ["fallback", "ensemble"] as const) {
        const slow = await thrownAfter(spec(kind), false, reason);
        const fast = await thrownAfter(spec(kind), true, reason);
        expect(String(fast)).toBe(String(slow));
        if (reason !== undefined) expect(fast).toBe(reason);
      }
    },
  );
});
