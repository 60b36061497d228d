import { escapeXml } from "../drawing/svg-text.js";
import { InvalidOptionError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalCost, totalTokens } from "../ledger/totals.js";

const headings = ["call", "model", "role", "status", "tokens in", "tokens out", "cost USD", "ms"];
const right = 4;

/**
 * Formats a ledger as an HTML table: one row per call in the given order, with a total.
 *
 * **When to use** - in a notebook (`tslab.display.html`) or a report; `formatReport` groups it by model, as text.
 * **Gotchas** - an unknown price makes its cost and the total "unknown"; unknown tokens are "–", estimated tokens and costs "~12".
 * Lanes are in order of name in the state, in order of completion in `step`. `latency: false` omits milliseconds, so that tables
 * can be compared. Waits, in a queue or before a retry, have a column if a call waited.
 *
 * @returns HTML without scripts; the colours follow the page
 * @throws {InvalidOptionError} when `calls` is not a list
 * @example
 * ```ts
 * import { ledgerTable } from "langgraph-multimodel/notebook";
 * const html = ledgerTable(calls);
 * ```
 */
export function ledgerTable(
  calls: readonly ModelCall[],
  { latency = true }: { readonly latency?: boolean } = {},
): string {
  if (!Array.isArray(calls)) throw new InvalidOptionError("ledgerTable.calls", calls, "give the calls of a run");
  const waited = calls.map(({ retryWaitMs = 0, queuedMs = 0 }) => retryWaitMs + queuedMs);
  const shown = waited.some((ms) => ms > 0) ? [...headings, "waited ms"] : headings;
  const columns = latency ? shown.length : headings.length - 1;
  const total = totalTokens(calls);
  const rows = calls.map(({ path, model, role, status, error, usage, estimated, costUsd, latencyMs }, index) => [
    path,
    model,
    role,
    error === undefined ? status : `${status}: ${error.class}`,
    tokens(usage?.inputTokens, estimated),
    tokens(usage?.outputTokens, estimated),
    dollars(costUsd, estimated),
    latencyMs.toFixed(0),
    waited[index]!.toFixed(0),
  ]);
  const estimated = calls.some((call) => call.estimated);
  const sum = [
    "total",
    "",
    "",
    "",
    tokens(total.inputTokens, estimated),
    tokens(total.outputTokens, estimated),
    dollars(totalCost(calls), estimated),
    "",
    "",
  ];
  const cell = (tag: "td" | "th") => (text: string, column: number) =>
    `<${tag} style="text-align:${column < right ? "left" : "right"}">${escapeXml(text)}</${tag}>`;
  const line = (cells: readonly string[], tag: "td" | "th") =>
    `<tr>${cells.slice(0, columns).map(cell(tag)).join("")}</tr>`;
  return [
    "<table>",
    `<thead>${line(shown, "th")}</thead>`,
    `<tbody>${rows.map((cells) => line(cells, "td")).join("\n")}</tbody>`,
    `<tfoot>${line(sum, "th")}</tfoot>`,
    "</table>",
  ].join("\n");
}

const tokens = (count: number | undefined, estimated = false) =>
  count === undefined ? "–" : `${estimated ? "~" : ""}${count}`;

/** Formats USD with six decimals, or enough for two digits: a cheap call never shows as free. */
function dollars(amount: number | null, estimated = false): string {
  if (amount === null) return "unknown";
  const digits = amount > 0 ? Math.max(6, 1 - Math.floor(Math.log10(amount))) : 6;
  return `${estimated ? "~" : ""}${amount.toFixed(Math.min(20, digits))}`;
}
