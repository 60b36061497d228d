import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { strategyRows, withTables } from "../../../scripts/config-tables.js";

const page = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");
const rows = strategyRows.flatMap(([kind, all]) => all.map((row) => [`${kind} ${row.docs}`, row] as const));

describe("docs/config.md", () => {
  it("has the tables that `npx tsx scripts/config-schema.ts` writes", () => {
    expect(withTables(page)).toBe(page);
  });

  it.each(rows)("names every field of %s", (_, { key, schema, docs }) => {
    const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [key];
    expect(fields[0]).toBe(key);
    for (const field of fields) expect(docs).toMatch(new RegExp(`\\b${field}\\b`));
  });

  it("has no form twice", () => {
    const forms = strategyRows.map(([, all]) => all.map(({ docs }) => docs));
    for (const docs of forms) expect(new Set(docs).size).toBe(docs.length);
  });
});
