import fc from "fast-check";
import type { ModelCall } from "../../src/ledger/model-call.js";

/** Texts that would change a page or a picture if they were not escaped. */
export const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "</title></style></svg><b>out</b>",
  "'&lt;&#39;]]>",
  "\u202etxt.exe\u202c",
  "null\u0000byte\u001b[31m\u0085",
  "\ud800 lone",
  "👩‍👩‍👧 日本語 العربية",
] as const;

const name = fc.oneof(fc.constantFrom("small", "large", "verifier", "a-b_c", "__proto__"), fc.constantFrom(...hostile));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 50, noNaN: true }));
const usage = fc.record({ inputTokens: fc.nat(2_000_000), outputTokens: fc.nat(200_000) });

const call: fc.Arbitrary<ModelCall> = fc
  .record({
    id: fc.uuid(),
    turnId: fc.constantFrom("t1", "t2"),
    path,
    model: name,
    role: fc.constantFrom("answer", "judge", "router", "aggregator", "summary", "embedding", "shadow"),
    status: fc.constantFrom("ok", "error", "cancelled", "timeout", "cached"),
    attempt: fc.integer({ min: 1, max: 4 }),
    hedge: fc.constantFrom(undefined, true as const),
    startedAt: fc.oneof(fc.nat(20_000), fc.nat(90_000_000)).map((ms) => 1_764_000_000_000 + ms),
    latencyMs: fc.oneof(fc.nat(5_000), fc.nat(4_000_000)),
    retryWaitMs: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: undefined }),
    queuedMs: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: undefined }),
    timeToFirstTokenMs: fc.option(fc.nat(5_000), { nil: undefined }),
    usage: fc.option(usage, { nil: undefined }),
    costUsd: fc.option(amount, { nil: null }),
    estimated: fc.constantFrom(undefined, true as const),
  })
  .map(({ path: at, ...rest }) => ({ ...rest, path: at, node: at.split("/").at(-1)! }) as ModelCall);

/** Ledgers of any kind; read back from JSON, as from a checkpoint. */
export const ledgers: fc.Arbitrary<ModelCall[]> = fc
  .array(call, { maxLength: 12 })
  .map((calls) => JSON.parse(JSON.stringify(calls)) as ModelCall[]);

/** A number as it is shown, and its exact value beside it. */
export interface Shown {
  readonly value: number | "unknown";
  readonly text: string;
}

/** Reads the numbers of some markup, in order. */
export function numbersIn(markup: string): Shown[] {
  return [...markup.matchAll(/<data value="([^"]*)">([^<]*)<\/data>/g)].map(([, value, text]) => ({
    value: value === "unknown" ? value : Number(value),
    text: text!,
  }));
}

/** Returns whether a shown number is the exact one, rounded at its last digit. */
export function isRounded({ value, text }: Shown): boolean {
  if (value === "unknown") return text === "unknown" || text.startsWith("≥ $");
  const clock = /^(?:(\d+) h )?(\d+) min(?: (\d+) s)?$/.exec(text);
  if (clock !== null) {
    const [hours = 0, minutes = 0, seconds] = clock.slice(1).map((part) => part && Number(part)) as number[];
    const shown = (hours! * 3_600 + minutes! * 60 + (seconds ?? 0)) * 1_000;
    return seconds === undefined ? value - shown >= -500 && value - shown < 60_500 : Math.abs(value - shown) <= 500;
  }
  const [, sign, digits, unit] = /^~?(−?)\$?([\d,]+(?:\.\d+)?)( ms| s| %)?$/.exec(text) ?? [];
  if (digits === undefined) return false;
  const decimals = digits.split(".")[1]?.length ?? 0;
  const factor = unit === " s" ? 1_000 : unit === " %" ? 0.01 : 1;
  const shown = Number(digits.replaceAll(",", "")) * factor * (sign === "−" ? -1 : 1);
  return Math.abs(shown - value) <= 0.5001 * factor * 10 ** -decimals;
}
