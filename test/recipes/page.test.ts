import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}docs/recipes.md`, "utf8");
const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);

describe("docs/recipes.md", () => {
  it("shows every recipe and every client", () => {
    for (const folder of ["examples", "examples/clients"])
      for (const file of readdirSync(root + folder).filter((name) => /^(recipe|client)-/.test(name)))
        expect(targets).toContain(`../${folder}/${file}`);
  });

  it("names the Studio graphs by their ids", () => {
    const { graphs } = JSON.parse(readFileSync(`${root}langgraph.json`, "utf8")) as { graphs: object };
    const named = [...page.matchAll(/\*Studio: (\w+)\*/g)].map(([, id]) => id!);
    expect(named.length).toBeGreaterThan(3);
    for (const id of named) expect(Object.keys(graphs)).toContain(id);
  });

  it("has one row for each capability", () => {
    const rows = [...page.matchAll(/^\| ([A-E]\d+) \| .+ \| (.+) \|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(
      Object.entries({ A: 11, B: 14, C: 9, D: 5, E: 6 }).flatMap(([letter, count]) =>
        Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
      ),
    );
    for (const [, name, evidence] of rows)
      expect([name, /not yet|\]\(|`npm run/.test(evidence!)]).toEqual([name, true]);
  });
});
