import { describe, expect, it } from "vitest";
import { Siblings } from "../../src/nodes/siblings.js";
import { withinLimits } from "../../src/resilience/deadline.js";
import { slotsFor } from "../../src/resilience/slots.js";

const control = {} as never;
const scopeOf = (turnId: string, place = "") => ({
  turnId,
  config: { control, metadata: { langgraph_checkpoint_ns: `${place}worker:${crypto.randomUUID()}` } },
});

/** Tasks that run one at a time in each run, as the workers of a map-reduce do. */
function oneAtATime() {
  const siblings = new Siblings(() => slotsFor(1));
  const within = <Result>(run: string, signal: AbortSignal | undefined, work: () => Promise<Result>) =>
    siblings.share(scopeOf(run), (slot) => withinLimits({}, [signal], () => slot(work)));
  const { runs } = siblings as unknown as { runs: WeakMap<object, Map<string, unknown>> };
  const kept = () => [...runs.get(control)!.keys()].map((key) => key.trim());
  return { within, kept };
}

describe("Siblings", () => {
  it("share what is made for the first of them, by their run and the place of their graph in it", async () => {
    const siblings = new Siblings(() => ({}));
    const sharedBy = (scope: ReturnType<typeof scopeOf>) => siblings.share(scope, async (shared) => shared);
    const [first, beside, nested, other, forked] = await Promise.all([
      sharedBy(scopeOf("one")),
      sharedBy(scopeOf("one")),
      sharedBy(scopeOf("one", "outer:1|")),
      sharedBy(scopeOf("other")),
      sharedBy({ ...scopeOf("one"), config: { ...scopeOf("one").config, control: {} as never } }),
    ]);
    expect(beside).toBe(first);
    expect(new Set([first, nested, other, forked]).size).toBe(4);
  });

  it("lets one run wait without holding another one up", async () => {
    const slots = oneAtATime();
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = slots.within("one", undefined, () => held);
    const order: string[] = [];
    const second = slots.within("one", undefined, async () => order.push("second of one"));
    await slots.within("two", undefined, async () => order.push("two"));
    finish();
    await Promise.all([first, second]);
    expect(order).toEqual(["two", "second of one"]);
  });

  it("keeps a run that is at work, and the latest of those that ended well, failed or were aborted", async () => {
    const slots = oneAtATime();
    const stop = new AbortController();
    const hanging = slots.within("one", stop.signal, () => new Promise(() => {}));
    const waiting = slots.within("one", stop.signal, async () => "never");
    await expect(slots.within("failed", undefined, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const ended = Array.from({ length: 2_000 }, (_, index) => `ended ${index}`);
    for (const run of ended) await slots.within(run, undefined, async () => "well");
    expect(slots.kept()).toEqual(["one", ...ended.slice(-999)]);
    stop.abort(new Error("enough"));
    await expect(hanging).rejects.toThrow("enough");
    await expect(waiting).rejects.toThrow("enough");
    for (const run of ended) await slots.within(run, undefined, async () => "well");
    expect(slots.kept()).toEqual(ended.slice(-1_000));
  });
});
