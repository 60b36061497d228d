import { escapeXml } from "../drawing/svg-text.js";
import { callRows, type LedgerRows, type LedgerRowsOptions, type LedgerSource } from "../ledger/ledger-rows.js";
import { cellText } from "../text/visible-text.js";

/**
 * Formats a ledger as an HTML table: one row per call in the given order, with a total.
 *
 * **When to use** - in a notebook (`tslab.display.html`) or a report; `formatReport` groups it by model, as text.
 * **Gotchas** - an unknown price makes its cost and the total "unknown"; unknown tokens are "–", as is the cost of a failed call that was
 * not billed; estimated tokens and costs are "~12", and "%" is the share of the cost. The call that gave the answer is marked where the
 * final state is given instead of its calls. Lanes are in order of name in the state, in order of completion in `step`.
 * `latency: false` omits milliseconds, so that tables can be compared. Waits, in a queue or before a retry, have a column if a call waited.
 *
 * @param ledger the calls of a run, or its final state
 * @returns HTML without scripts; the colours follow the page
 * @throws {InvalidOptionError} when there is no list of calls
 * @example
 * ```ts
 * import { ledgerTable } from "langgraph-multimodel/notebook";
 * const html = ledgerTable(await graph.invoke({ messages: "Hi" }));
 * ```
 */
export function ledgerTable(ledger: LedgerSource, options: LedgerRowsOptions = {}): string {
  return htmlTable(callRows(ledger, "ledgerTable", options));
}

/** Writes a table as HTML. */
function htmlTable({ columns, rows, total }: LedgerRows): string {
  const cell = (tag: "td" | "th") => (text: string, column: number) =>
    `<${tag} style="text-align:${columns[column]!.align}">${escapeXml(cellText(text))}</${tag}>`;
  const line = (cells: readonly string[], tag: "td" | "th") => `<tr>${cells.map(cell(tag)).join("")}</tr>`;
  const marked = ([name = "", ...figures]: readonly string[]) =>
    line([`→\u00a0${name}`, ...figures], "td").replace("<tr>", '<tr style="font-weight:bold" title="gave the answer">');
  return [
    "<table>",
    `<thead>${line(
      columns.map(({ title }) => title),
      "th",
    )}</thead>`,
    `<tbody>${rows.map(({ cells, answered }) => (answered ? marked(cells) : line(cells, "td"))).join("\n")}</tbody>`,
    `<tfoot>${line(total, "th")}</tfoot>`,
    "</table>",
  ].join("\n");
}
