import { darkRules } from "../drawing/dark.js";
import { type Html, html, raw } from "./html.js";
import { style } from "./style.js";

/** No script, no network; pictures are part of the file. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Makes one self-contained file. */
export function page(title: string, body: Html): string {
  const rules = raw(`${style}\n@media (prefers-color-scheme:dark){\n${darkRules(".drawing")}\n}`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>
${rules}
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.markup;
}

/** Makes a section with a heading, or nothing without a body. */
export function section(heading: string, body: Html | undefined, note?: Html): Html {
  if (body === undefined) return html``;
  return html`<section>
<h2>${heading}</h2>
${note && html`<p class="note">${note}</p>`}
${body}
</section>
`;
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Aligns numbers. @default "left" */
  readonly align?: "right";
}

type Cells = readonly (Html | string)[];

/** Makes a table that scrolls by itself where it is wider than the page. */
export function table(label: string, columns: readonly Column[], rows: readonly Cells[], foot?: Cells): Html {
  const aligned = (column: number) => (columns[column]?.align === "right" ? raw(' class="right"') : "");
  const line = (cells: Cells) =>
    html`<tr>${cells.map((cell, column) => html`<td${aligned(column)}>${cell}</td>`)}</tr>\n`;
  const head = columns.map(({ title }, column) => html`<th scope="col"${aligned(column)}>${title}</th>`);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map(line)}</tbody>
${foot && html`<tfoot>${line(foot)}</tfoot>`}
</table></div>`;
}
