import type { ModelCall, Price } from "../ledger/model-call.js";
import { type Savings, savings } from "../ledger/report.js";
import { totalCost } from "../ledger/totals.js";
import { share, usd } from "./figures.js";
import { type Html, html, named } from "./html.js";

/** What a run cost beside one model for everything. */
export interface Saved extends Savings {
  readonly against: string;
}

/** Compares with the given model, by default the dearest one that the run could have asked at once; `undefined` with one model only. */
export function savedBy(calls: readonly ModelCall[], against?: string | Price): Saved | undefined {
  if (against !== undefined)
    return { ...savings(calls, { against }), against: typeof against === "string" ? against : "the given price" };
  const priced = calls.filter(
    (call): call is ModelCall & { price: Price } => call.price != null && call.price.output > 0,
  );
  if (new Set(priced.map(({ model }) => model)).size < 2) return undefined;
  const dearest = priced.reduce((most, call) => (sumOf(call.price) > sumOf(most.price) ? call : most));
  return { ...savings(calls, { against: dearest.price }), against: dearest.model };
}

const sumOf = ({ input, output }: Price) => input + output;

/** Says in a sentence what was saved, and what caches did not pay again. */
export function savedSection(calls: readonly ModelCall[], saved: Saved | undefined): Html | undefined {
  const cached = calls.filter(({ status }) => status === "cached");
  const spared = totalCost(
    cached.map((call) => ({ ...call, costUsd: call.paidOnce?.costUsd ?? null })),
    { unknown: "ignore" },
  )!;
  const parts = [
    ...(saved?.savedUsd == null || saved.savedPercent === null
      ? []
      : [compared(saved, saved.savedUsd, saved.savedPercent)]),
    ...(cached.length === 0
      ? []
      : [
          html`<p>${cached.length === 1 ? "One answer" : `${cached.length} answers`} came from a cache${spared > 0 && html`, which saved ${usd(spared)}`}.</p>`,
        ]),
  ];
  return parts.length === 0 ? undefined : html`${parts}`;
}

function compared({ costUsd, againstUsd, against }: Saved, savedUsd: number, percent: number): Html {
  const word = savedUsd >= 0 ? "saved" : "cost more by";
  const result = html`<b class="${savedUsd >= 0 ? "good" : "bad"}">${word} ${usd(Math.abs(savedUsd))} (${share(Math.abs(percent) / 100)})</b>`;
  return html`<p>Paid ${usd(costUsd)}. The same answers by ${named(against)}, without judges and drafts, would have cost ${usd(againstUsd)}: ${result}.</p>`;
}
