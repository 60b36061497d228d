import { alwaysValidLevel } from "../../evaluation/statistics/always-valid.js";
import { normalQuantile } from "../../evaluation/statistics/normal.js";
import { wilson } from "../../evaluation/statistics/shares.js";
import { publish } from "../../events/publish.js";
import type { Agreement } from "./policy.js";

/** Probability of a warning where nothing has changed, however long the process runs. */
const LEVEL = 0.01;
/** Fewest live answers that are held against the recordings. */
const LEAST = 50;

/** Counts live agreement, and publishes one `drift` event when its interval parts from that of the recordings. */
export function driftWatch(policy: string, recorded: Agreement) {
  let [compared, agreed] = [0, 0];
  let warned = false;
  const expected = interval(recorded, LEVEL);
  return {
    live: (): Agreement => ({ compared, agreed }),
    note(equal: boolean): void {
      compared++;
      agreed += Number(equal);
      if (warned || compared < LEAST || recorded.compared === 0) return;
      const live = interval({ compared, agreed }, alwaysValidLevel(LEVEL, compared));
      if (live.low <= expected.high && live.high >= expected.low) return;
      warned = true;
      publish("drift", () => ({ policy, live: { compared, agreed }, recorded }));
    },
  };
}

function interval({ compared, agreed }: Agreement, level: number) {
  return compared === 0 ? { low: 0, high: 1 } : wilson(agreed, compared, normalQuantile(1 - level / 2));
}
