import { describe, expect, it } from "vitest";
import { alignColumns, fill, printable } from "../../demo/terminal-text.js";

describe("fill", () => {
  it("breaks between words and indents what follows the first line", () => {
    expect(fill("- one two three four", 9, 2)).toBe("- one two\n  three\n  four");
  });

  it("keeps a number and its % together, and a longer word whole", () => {
    expect(fill("it saved 81.3 % of it", 13)).toBe("it saved\n81.3 % of it");
    expect(fill("see https://example.org/x now", 8)).toBe("see\nhttps://example.org/x\nnow");
  });
});

describe("alignColumns", () => {
  it("aligns the first column left and the others right", () => {
    expect(
      alignColumns([
        ["name", "cost"],
        ["a", "$1"],
        ["longer", "$1,000"],
      ]),
    ).toEqual(["name      cost", "a           $1", "longer  $1,000"]);
  });
});

describe("printable", () => {
  it("drops what steers a terminal, and keeps line feeds, tabs and every letter", () => {
    expect(printable("a\u001b]0;title\u0007\r\n\tü → 漢\u009b2J")).toBe("a]0;title\n\tü → 漢2J");
  });
});
