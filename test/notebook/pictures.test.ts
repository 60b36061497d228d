import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Notebook, readNotebook, textOf } from "../../scripts/notebooks/notebook.js";
import { darkFrontier, drawPatterns, drawTimelines } from "../../scripts/pictures.js";

const folder = new URL("../../docs/images/patterns/", import.meta.url);

it("the pictures of the patterns are those that `npm run pictures` draws", async () => {
  const pictures = await drawPatterns();
  expect(readFileSync(new URL("../frontier-dark.svg", folder), "utf8")).toBe(darkFrontier());
  for (const [file, svg] of Object.entries(drawTimelines())) {
    expect([file, readFileSync(new URL(`../${file}`, folder), "utf8") === svg]).toEqual([file, true]);
  }
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

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const image = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

it("README shows the patterns in one scale: nothing resizes them, and the table fits the page of a code host", () => {
  const shown = readme.match(/<img src="docs\/images\/[^>]*>/g)!;
  expect(shown.length).toBe(11);
  expect(shown.filter((each) => /\b(width|height)=/.test(each))).toEqual([]);
  const rows = readme
    .match(/<tr>.*<\/tr>/g)!
    .map((row) => [...row.matchAll(/<img src="([^"]*)"/g)].map(([, name]) => widthOf(image(name!))));
  const columns = [0, 1, 2].map((column) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[column] ?? 0)),
  );
  const cell = 2 * 13 + 1; // padding and border
  expect(columns.reduce((sum, width) => sum + width + cell, 0)).toBeLessThanOrEqual(838);
});

it("every picture of README has a variant for dark pages, with no light colour in it", () => {
  const pictures = readme.match(/<img src="[^"]*"/g)!.map((each) => each.slice(10, -1));
  const variants = [
    ...readme.matchAll(/<picture><source media="\(prefers-color-scheme: dark\)" srcset="([^"]*)"><img src="([^"]*)"/g),
  ];
  expect(variants.map(([, , light]) => light)).toEqual(pictures);
  expect(readme).not.toMatch(/!\[[^\]]*\]\([^)]*\.svg\)/);
  for (const [, dark, light] of variants) {
    expect(dark).toBe(light!.replace(".svg", "-dark.svg"));
    const colours = (svg: string) =>
      new Set(svg.match(/(?<=(fill|stroke)=")(?!none|transparent)[^"]+/g)!.map((each) => each.toLowerCase()));
    const kept = [...colours(image(light!))].filter((colour) => colours(image(dark!)).has(colour));
    expect([dark, kept]).toEqual([dark, []]);
    const geometry = (svg: string) => svg.replace(/(fill|stroke)="[^"]*"/g, "");
    expect([dark, geometry(image(dark!)) === geometry(image(light!))]).toEqual([dark, true]);
  }
});

it.each(names)(
  "every step drawn in %s names the calls that it made, and the steps of a run make all of its calls",
  (name) => {
    const drawn = picturesOf(readNotebook(new URL(name, notebooks).pathname)).filter((svg) =>
      svg.includes('class="step"'),
    );
    expect(drawn.length).toBeGreaterThan(0);
    for (const svg of drawn) {
      const frames = svg.split('<g class="step"').slice(1);
      const counts = frames.map((frame) => Number(/data-calls="(\d+)"/.exec(frame)![1]));
      expect(frames.map((frame) => frame.match(/>asked /g)?.length ?? 0)).toEqual(counts);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Number(/^<svg[^>]* data-calls="(\d+)"/.exec(svg)![1]));
    }
  },
);

it("the pictures of human-approval show each call of the ledger once, before the pause or after it", () => {
  const notebook = readNotebook(new URL("human-approval.ipynb", notebooks).pathname);
  const [before, after] = picturesOf(notebook).map((svg) => svg.match(/>asked [^<]*/g)!.map((line) => line.slice(7)));
  const tables = notebook.cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap((output) => ("data" in output ? textOf(output.data["text/html"] ?? "") : [])),
  );
  const ledger = [...tables.find((table) => table !== "")!.matchAll(/<tr[^>]*><td[^>]*>[^<]*<\/td><td[^>]*>([^<]*)/g)];
  expect(before!.length).toBeGreaterThan(0);
  expect([...before!, ...after!]).toEqual(ledger.map(([, model]) => model));
});
