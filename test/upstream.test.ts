import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format } from "node:util";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}out/upstream`;
const room = `${root}src/langgraph`;

interface Entry {
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly prints: string;
}

const [, ...sections] = readFileSync(`${root}docs/upstream.md`, "utf8").split(/^## /m);
const entries = sections.map((text): Entry => {
  const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";
  return { title: text.split("\n")[0]!, text, code: block("js"), prints: block("text") };
});

const exportsOf = (text: string) =>
  [...text.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name!);
const exported = new Map(
  readdirSync(room).map((file) => [file, exportsOf(readFileSync(`${room}/${file}`, "utf8"))] as const),
);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

describe("docs/upstream.md", () => {
  it.each(entries.map((entry, index) => [entry.title, entry, index] as const))("%s", async (_title, entry, index) => {
    const file = `${folder}/entry-${index}.mjs`;
    writeFileSync(file, entry.code);
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...values) => void lines.push(`${format(...values)}\n`));
    await import(pathToFileURL(file).href);
    expect(lines.join("")).toBe(entry.prints);
    expect(lines.length).toBeGreaterThan(0);
  });

  it("needs LangGraph and LangChain's core only", () => {
    for (const { title, code } of entries) {
      const imports = [...code.matchAll(/from "([^"]+)"/g)].map(([, path]) => path!);
      const others = imports.filter((path) => !/^(@langchain\/(core|langgraph)(\/.+)?|node:module)$/.test(path));
      expect([title, imports.length > 0, others]).toEqual([title, true, []]);
    }
  });

  it("says of each entry where it is worked around, why, and what would do instead", () => {
    for (const { title, text } of entries) {
      for (const part of ["**Where**: ", "**Why**: ", "**Instead**: "])
        expect([title, part, text.includes(part)]).toEqual([title, part, true]);
      const where = /\*\*Where\*\*: ([\s\S]*?)\*\*Why\*\*/.exec(text)![1]!;
      const places = [...where.matchAll(/((?:`\w+`(?:, | and )?)+) in `([\w-]+\.ts)`/g)];
      expect([title, places.length > 0]).toEqual([title, true]);
      for (const [, names, file] of places)
        for (const [, name] of names!.matchAll(/`(\w+)`/g))
          expect([title, exported.get(file!)]).toEqual([title, expect.arrayContaining([name])]);
    }
  });

  it("names every file of src/langgraph", () => {
    for (const file of exported.keys())
      expect([file, entries.some(({ text }) => text.includes(`\`${file}\``))]).toEqual([file, true]);
  });
});
