import { describe, expect, it } from "vitest";
import { pages, read } from "./blocks.js";

/** Fields of an exported interface of a file, by their declarations. */
function fieldsOf(file: string, owner: RegExp): string[] {
  const body = new RegExp(`export interface ${owner.source}[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(read(file))?.[1] ?? "";
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field!);
}

/** Names in the first column of a page's tables. */
const rowsOf = (page: string) =>
  [...read(page).matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );

const factories = pages.flatMap((page) => {
  const pattern = /^docs\/patterns\/(.+)\.md$/.exec(page)?.[1];
  if (pattern === undefined) return [];
  return [
    [page, pattern === "chat-model" ? "src/chat-model/as-chat-model.ts" : `src/patterns/create-${pattern}.ts`] as const,
  ];
});

describe("tables of options", () => {
  it.each(factories)("%s has every option of %s", (page, file) => {
    const fields = fieldsOf(file, /\w+Options/);
    expect(fields.length).toBeGreaterThan(2);
    expect(rowsOf(page)).toEqual(expect.arrayContaining(fields));
  });

  it("docs/models.md has every field of an entry, and the options of every pattern", () => {
    const fields = fieldsOf("src/models/model.ts", /ModelEntry/);
    expect(fields.length).toBeGreaterThan(10);
    expect(rowsOf("docs/models.md")).toEqual(expect.arrayContaining(fields));
    for (const option of fieldsOf("src/patterns/graph-options.ts", /GraphOptions/))
      expect(read("docs/models.md")).toContain(`\`${option}\``);
  });
});

describe("docs/config.md", () => {
  it("has everything that loadConfig gives", () => {
    const fields = fieldsOf("src/config/config.ts", /Config/);
    expect(fields.length).toBeGreaterThan(10);
    expect(rowsOf("docs/config.md")).toEqual(expect.arrayContaining(fields));
  });
});

describe("docs/choosing.md and docs/context.md", () => {
  const choices = `${read("docs/choosing.md")}${read("docs/context.md")}`;
  const exported = read("src/index.ts");

  it.each(["routing", "verification", "aggregation", "context"])("name every strategy of %s", (room) => {
    const files = [...exported.matchAll(new RegExp(`^export \\{([^}]*)\\} from "\\./${room}/`, "gm"))];
    const strategies = files
      .flatMap(([, names]) => names!.split(",").map((name) => name.trim()))
      .filter((name) => /^[a-z]\w+$/.test(name));
    expect(strategies.length).toBeGreaterThan(4);
    for (const strategy of strategies) expect(choices, strategy).toContain(`\`${strategy}`);
  });
});
