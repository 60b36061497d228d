import { aggregate } from "../src/config/rows/aggregate.js";
import { context } from "../src/config/rows/context.js";
import { normalize } from "../src/config/rows/normalize.js";
import { patterns } from "../src/config/rows/patterns.js";
import { route } from "../src/config/rows/route.js";
import { next, stageDocs } from "../src/config/rows/stages.js";
import { verify } from "../src/config/rows/verify.js";

/** The kinds of strategies, by the field that holds them in a file. */
export const strategyRows = Object.entries({ route, verify, aggregate, context, normalize })
  .map(([field, { rows }]) => [field, rows] as const)
  .concat([["next", Object.values(next)]]);

const code = (text: string) => `\`${text}\``;
const table = (...lines: readonly (readonly string[])[]) => lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const optionsOf = ({ schema }: (typeof patterns)[number]) =>
  Object.keys(schema.shape).filter((option) => option !== "pattern" && option !== "description");

const tables = {
  patterns: `${table(
    ["pattern", "models", "options"],
    ["---", "---", "---"],
    ...patterns.map((row) => [code(row.schema.shape.pattern.value), row.docs, optionsOf(row).map(code).join(" ")]),
  )}\n\nA stage is a model, or ${code(stageDocs)}.`,
  strategies: table(
    ["strategy", "written as"],
    ["---", "---"],
    ...strategyRows.map(([field, rows]) => [code(field), rows.map(({ docs }) => code(docs)).join(" · ")]),
  ),
};

/** The page with its tables as the rows of `src/config/rows` have them. */
export function withTables(page: string): string {
  return Object.entries(tables).reduce((text, [name, lines]) => {
    const [before, rest] = text.split(`<!-- ${name} -->`);
    const [, after] = rest!.split(`<!-- end of ${name} -->`);
    return `${before}<!-- ${name} -->\n${lines}\n<!-- end of ${name} -->${after}`;
  }, page);
}
