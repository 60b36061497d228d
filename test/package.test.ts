import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { brokenLinks, type Contents, missingPackages, packedContents } from "../scripts/package/contents.js";
import { dependencySizes, mostBytes } from "../scripts/package/install-size.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");
let packed: Contents;
beforeAll(() => {
  packed = packedContents(root);
});

describe("the packed package", () => {
  it("holds what README.md links", () => {
    const readme = read("README.md");
    expect(brokenLinks("README.md", readme, packed.files)).toEqual([]);
    const withoutPictures = packed.files.filter((file) => !file.startsWith("docs/images/"));
    expect(brokenLinks("README.md", readme, withoutPictures)).toContain("docs/images/frontier.svg");
  });

  it("holds what its other pages link, but for tests and notebooks", () => {
    const pages = packed.files.filter((file) => file.endsWith(".md") && !/^(?:notebooks|data)\//.test(file));
    expect(pages).toContain("docs/recipes.md");
    const broken = pages.flatMap((page) => brokenLinks(page, read(page), packed.files).map((link) => [page, link]));
    expect(broken.filter(([, link]) => !/(?:^|\/)(?:test|notebooks|bench)\//.test(link!))).toEqual([]);
  });

  it("holds the source behind every declaration", () => {
    const maps = packed.files.filter((file) => file.endsWith(".d.ts.map"));
    expect(maps).toContain("dist/esm/index.d.ts.map");
    expect(maps.length).toBe(packed.files.filter((file) => /^dist\/esm\/.*\.d\.ts$/.test(file)).length);
    const sources = maps.flatMap((map) =>
      JSON.parse(read(map)).sources.map((source: string) => posix.normalize(posix.join(posix.dirname(map), source))),
    );
    expect(new Set(sources).size).toBeGreaterThan(200);
    expect(sources.filter((source) => !packed.files.includes(source))).toEqual([]);
  });

  it("holds no test, tool or file of a machine", () => {
    const strange =
      /^(?:test|scripts|bench|demo|out|\.github|\.ci)\/|\.env|\.log$|\.tgz$|tsbuildinfo|^(?:graphs\/)?models\.yaml$/;
    expect(packed.files.filter((file) => strange.test(file))).toEqual([]);
  });

  it("adds less than 12 MB to the peers of its user", () => {
    const sizes = dependencySizes(root);
    expect([...sizes.keys()]).toEqual(expect.arrayContaining(["@pydantic/genai-prices", "hono", "yaml"]));
    for (const bytes of sizes.values()) expect(bytes).toBeGreaterThan(1_000);
    const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, packed.size);
    expect(total).toBeLessThan(mostBytes);
  });
});

describe("brokenLinks", () => {
  it("resolves links from the page, and leaves addresses and anchors alone", () => {
    const text =
      '[a](b.md#part) [c](../d) [e](https://example.com/f) [g](#here) <img src="h.svg"> <a href="mailto:i@example.com">';
    expect(brokenLinks("docs/page.md", text, ["docs/b.md", "d/index.md", "docs/h.svg"])).toEqual([]);
    expect(brokenLinks("docs/page.md", text, ["b.md", "docs/d/index.md"])).toEqual(["b.md#part", "../d", "h.svg"]);
  });
});

describe("missingPackages", () => {
  it("names what no install brings, once, in either format", () => {
    const text =
      'import{a}from"zod/v4";import "node:fs";require(\n"@bundler/runtime/helpers/x"),require("@bundler/runtime");require("./own.js");import("left")';
    expect(missingPackages(text, new Set(["zod"]))).toEqual(["@bundler/runtime", "left"]);
  });
});
