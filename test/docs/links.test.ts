import { existsSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { pages, read, root } from "./blocks.js";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "examples/README.md",
  "notebooks/README.md",
  ...pages,
];

/** Anchors of a page's headings, as GitHub names them. */
const anchorsOf = (page: string) =>
  [
    ...read(page)
      .replace(/^```[\s\S]*?^```$/gm, "")
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

const links = documents.flatMap((page) =>
  [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => [page, target!] as const),
);

it.each(links)("%s links to %s, which exists", (page, target) => {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page : posix.join(posix.dirname(page), file);
  expect(existsSync(root + path)).toBe(true);
  if (anchor !== undefined) expect(anchorsOf(path)).toContain(anchor);
});

it("reads every page", () => {
  expect(links.length).toBeGreaterThan(200);
});
