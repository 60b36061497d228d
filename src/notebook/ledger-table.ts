import { type ModelCall, totalCost, totalTokens } from "../state/ledger.js";
import { escapeXml } from "./chart/svg-text.js";

const headings = ["call", "model", "role", "status", "tokens in", "tokens out", "cost USD", "ms"];
const right = 4;

/**
 * Writes a ledger as an HTML table: one line a call in order, the total below.
 *
 * **When to use** - in a notebook (`tslab.display.html`) or a report; `formatReport` is the same by model, as text.
 * **Gotchas** - an unknown price makes its cost, and the total, "unknown". Milliseconds differ from run to run: `latency: false` leaves
 * them out where the table is compared.
 *
 * @returns HTML without scripts; the colours follow the page
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
  const columns = latency ? headings.length : headings.length - 1;
  const total = totalTokens(calls);
  const rows = calls.map(({ path, model, role, status, error, usage, costUsd, latencyMs }) => [
    path,
    model,
    role,
    error === undefined ? status : `${status}: ${error.class}`,
    String(usage?.inputTokens ?? 0),
    String(usage?.outputTokens ?? 0),
    dollars(costUsd),
    latencyMs.toFixed(0),
  ]);
  const sum = [
    "total",
    "",
    "",
    "",
    String(total.inputTokens),
    String(total.outputTokens),
    dollars(totalCost(calls)),
    "",
  ];
  const cell = (tag: "td" | "th") => (text: string, column: number) =>
    `<${tag} style="text-align:${column < right ? "left" : "right"}">${escapeXml(text)}</${tag}>`;
  const line = (cells: readonly string[], tag: "td" | "th") =>
    `<tr>${cells.slice(0, columns).map(cell(tag)).join("")}</tr>`;
  return [
    "<table>",
    `<thead>${line(headings, "th")}</thead>`,
    `<tbody>${rows.map((cells) => line(cells, "td")).join("\n")}</tbody>`,
    `<tfoot>${line(sum, "th")}</tfoot>`,
    "</table>",
  ].join("\n");
}

const dollars = (amount: number | null) => (amount === null ? "unknown" : amount.toFixed(6));
