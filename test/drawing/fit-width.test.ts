import { describe, expect, it } from "vitest";
import { fitWidth } from "../../src/drawing/fit-width.js";

describe("fitWidth", () => {
  it.each([
    [
      "points",
      '<svg width="750pt" height="75pt" viewBox="0 0 750 75">',
      '<svg width="860" height="86" viewBox="0 0 750 75">',
    ],
    ["pixels", '<svg id="a" width="1720" height="100">', '<svg id="a" width="860" height="50">'],
    ["what fits", '<svg width="645pt" height="75pt">', '<svg width="645pt" height="75pt">'],
    ["what has no size", "<svg><g/></svg>", "<svg><g/></svg>"],
  ])("shows %s at most 860 pixels wide", (_what, svg, shown) => {
    expect(fitWidth(svg)).toBe(shown);
  });

  it("changes the picture itself alone, not those inside", () => {
    expect(fitWidth('<svg viewBox="0 0 9 9"><svg width="2000" height="1"/></svg>')).not.toContain("860");
  });
});
