import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Notebook, readNotebook, textOf } from "../../scripts/notebooks/notebook.js";
import { drawPatterns } from "../../scripts/pictures.js";

const folder = new URL("../../docs/images/patterns/", import.meta.url);

it("the pictures of the patterns are those that `npm run pictures` draws", async () => {
  const pictures = await drawPatterns();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pictures).sort());
  for (const [file, svg] of Object.entries(pictures)) {
    expect([file, readFileSync(new URL(file, folder), "utf8") === svg]).toEqual([file, true]);
  }
});

const notebooks = new URL("../../notebooks/", import.meta.url);
const names = readdirSync(notebooks).filter((name) => name.endsWith(".ipynb"));

/** Pictures of a notebook, in order. */
const picturesOf = ({ cells }: Notebook) =>
  cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap((output) => {
      const svg = "data" in output ? output.data["image/svg+xml"] : undefined;
      return svg === undefined ? [] : [textOf(svg)];
    }),
  );

/** Width in pixels. */
function widthOf(svg: string): number {
  const [, width, unit] = /^<svg[^>]*? width="([\d.]+)(pt)?"/.exec(svg) ?? [];
  return Number(width) * (unit === "pt" ? 4 / 3 : 1);
}

it.each(names)("no picture of %s is wider than an output of JupyterLab", (name) => {
  const widths = picturesOf(readNotebook(new URL(name, notebooks).pathname)).map(widthOf);
  expect(widths.filter((width) => !(width <= 860))).toEqual([]);
});

it("no picture of the documentation is wider than that", () => {
  const images = new URL("../../docs/images/", import.meta.url);
  const files = readdirSync(images, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".svg"));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    expect([file, widthOf(readFileSync(new URL(file, images), "utf8")) <= 860]).toEqual([file, true]);
  }
});

it("README shows the patterns in one scale", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const shown = readme.match(/<img src="docs\/images\/patterns\/[^>]*>/g)!;
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter((image) => /\b(width|height)=/.test(image))).toEqual([]);
});

it("the pictures of human-approval show each call of the ledger once, before the pause or after it", () => {
  const notebook = readNotebook(new URL("human-approval.ipynb", notebooks).pathname);
  const [before, after] = picturesOf(notebook).map((svg) => svg.match(/>asked [^<]*/g)!.map((line) => line.slice(7)));
  const tables = notebook.cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap((output) => ("data" in output ? textOf(output.data["text/html"] ?? "") : [])),
  );
  const ledger = [...tables.find((table) => table !== "")!.matchAll(/<tr><td[^>]*>[^<]*<\/td><td[^>]*>([^<]*)/g)];
  expect(before!.length).toBeGreaterThan(0);
  expect([...before!, ...after!]).toEqual(ledger.map(([, model]) => model));
});
