import { describe, expect, it, vi } from "vitest";
import type { Aggregate } from "../../src/aggregation/aggregate.js";
import { InvalidOptionError } from "../../src/errors/index.js";
import { checkConcurrency, fanOutNode, Lanes } from "../../src/nodes/ensemble/lane.js";
import type { OrchestrationState, OrchestrationUpdate } from "../../src/state/orchestration-state.js";
import { httpError, saying } from "../support/fakes.js";
import { stateOf, tierOf } from "./run-state.js";

function deferred<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<Value>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
}

/** A model that answers when it is let, and notes that it was stopped. */
function held() {
  const begun = deferred<void>();
  const answer = deferred<string>();
  const stopped = vi.fn();
  const invoke = async (_input: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    signal?.addEventListener("abort", () => {
      stopped(signal.reason.message);
      answer.reject(signal.reason);
    });
    begun.resolve();
    return answer.promise;
  };
  return { model: { invoke }, begun: begun.promise, answer: answer.resolve, stopped };
}

const named = (models: Record<string, unknown>) =>
  Object.entries(models).map(([name, model]) => ({
    name,
    model: tierOf(name, { model: model as never, retry: false }).model,
  }));

function lanesOf(models: Record<string, unknown>, settled?: Aggregate["settled"]) {
  const all = named(models);
  const lanes = new Lanes({ models: all, settled, minimum: 1, nextOptions: { all: [], tiers: [], kind: "fallback" } });
  const nodes = new Map(all.map((each) => [each.name, lanes.node(each)]));
  return (name: string, state: OrchestrationState, config = {}) =>
    nodes.get(name)!(state, config) as Promise<OrchestrationUpdate>;
}

describe("Lanes", () => {
  it("write an answer as a candidate, and a failure as a failure", async () => {
    const lane = lanesOf({ a: saying("A"), b: saying(httpError(500)) });
    const state = stateOf();
    expect(await lane("a", state)).toMatchObject({
      candidates: [{ name: "a", modelUsed: "a" }],
      calls: [{ path: "a" }],
    });
    const failed = await lane("b", state);
    expect(failed).toMatchObject({ failures: [{ name: "b", class: "server", status: 500 }] });
    expect(failed.candidates).toBeUndefined();
  });

  it("show who polls them what came so far, of all that were asked", async () => {
    const polls: unknown[] = [];
    const lane = lanesOf({ a: saying("A"), b: saying(httpError(500)), c: saying("C") }, (poll) => {
      polls.push([poll.answers.map(({ name }) => name), poll.failures.length, poll.asked, poll.lanes]);
      return false;
    });
    const state = stateOf();
    for (const name of ["a", "b", "c"]) await lane(name, state);
    expect(polls).toEqual([
      [["a"], 0, 3, ["a", "b", "c"]],
      [["a"], 1, 3, ["a", "b", "c"]],
      [["a", "c"], 1, 3, ["a", "b", "c"]],
    ]);
  });

  it("stop the others once the outcome is certain, who then write nothing", async () => {
    const slow = held();
    const lane = lanesOf({ a: saying("A"), slow: slow.model }, ({ answers }) => answers.length === 1);
    const state = stateOf();
    const late = lane("slow", state);
    await slow.begun;
    await lane("a", state);
    expect(await late).toEqual({});
    expect(slow.stopped.mock.calls).toEqual([["The outcome is certain"]]);
  });

  it("of two runs do not mix", async () => {
    const slow = held();
    const asked: number[] = [];
    const lane = lanesOf({ a: saying("A", "A"), slow: slow.model }, ({ answers }) => {
      asked.push(answers.length);
      return answers.length === 1;
    });
    const [one, other] = [stateOf({ turnId: "one" }), stateOf({ turnId: "other" })];
    const late = lane("slow", one);
    await slow.begun;
    await lane("a", other);
    expect(slow.stopped).not.toHaveBeenCalled();
    slow.answer("late");
    expect((await late).candidates).toMatchObject([{ name: "slow" }]);
    expect(asked).toEqual([1, 1]);
  });

  it("report a fault of the aggregate by the lane that found it, and ask it no more", async () => {
    const settled = vi.fn(() => {
      throw new TypeError("a bug");
    });
    const lane = lanesOf({ a: saying("A"), b: saying("B") }, settled);
    const state = stateOf();
    await expect(lane("a", state)).rejects.toThrow("a bug");
    expect(await lane("b", state)).toMatchObject({ candidates: [{ name: "b" }] });
    expect(settled).toHaveBeenCalledTimes(1);
  });

  it("end in the abort of the run when it is given up", async () => {
    const slow = held();
    const controller = new AbortController();
    const late = lanesOf({ slow: slow.model })("slow", stateOf(), { signal: controller.signal });
    await slow.begun;
    controller.abort(new Error("given up"));
    await expect(late).rejects.toThrow("given up");
  });
});

describe("fanOutNode", () => {
  it("writes nothing, and refuses the concurrency at which LangGraph drops lanes", async () => {
    expect(await fanOutNode(stateOf(), {})).toEqual({});
    await expect(fanOutNode(stateOf(), { maxConcurrency: 1 })).rejects.toThrow(InvalidOptionError);
    for (const maxConcurrency of [undefined, 2]) expect(() => checkConcurrency({ maxConcurrency })).not.toThrow();
  });
});
