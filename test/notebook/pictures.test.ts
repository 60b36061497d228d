import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { drawPatterns } from "../../scripts/pictures.js";

const folder = new URL("../../docs/images/patterns/", import.meta.url);

it("the pictures of the patterns are those that `npm run pictures` draws", async () => {
  const pictures = await drawPatterns();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pictures).sort());
  for (const [file, svg] of Object.entries(pictures)) {
    expect([file, readFileSync(new URL(file, folder), "utf8") === svg]).toEqual([file, true]);
  }
});
