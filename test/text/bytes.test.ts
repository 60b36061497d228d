import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOfBase64, textOfHex, toBase64, toHex, utf8, utf8Length } from "../../src/text/bytes.js";
import { digest } from "../../src/text/digest.js";

/** Texts of all scripts, with halves of surrogate pairs. */
const texts = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.array(unit()).map(joined));
const bytes = fc.uint8Array();

function unit() {
  return fc.constantFrom("a", "é", "€", "\uFEFF", "\uD83D", "\uDE00", "\uD83D\uDE00", "\0");
}

function joined(units: readonly string[]): string {
  return units.join("");
}

describe("bytes of a text", () => {
  it("are those of Node's Buffer", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(Buffer.from(utf8(text))).toEqual(Buffer.from(text));
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it("are written and read in hexadecimal digits and base64 as Node's Buffer does", () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const buffer = Buffer.from(some);
        expect(toHex(some)).toBe(buffer.toString("hex"));
        expect(toBase64(some)).toBe(buffer.toString("base64"));
        expect(textOfHex(buffer.toString("hex"))).toBe(buffer.toString());
        expect(textOfHex(buffer.toString("hex").toUpperCase())).toBe(buffer.toString());
        expect(textOfBase64(buffer.toString("base64"))).toBe(buffer.toString());
        expect(textOfBase64(buffer.toString("base64url"))).toBe(buffer.toString());
      }),
    );
  });

  it.each(["", "a", "YQ", "YQ==", "YWI=", "Y W\nI", "YWI=YWI=", "dXNlcjpwYXNz!", "_-8"])(
    "are read leniently from base64: %j",
    (text) => {
      expect(textOfBase64(text)).toBe(Buffer.from(text, "base64").toString());
    },
  );
});

describe("digest", () => {
  it("is SHA-256, as in the examples of FIPS 180-4", () => {
    expect(toHex(digest("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(toHex(digest(""))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("agrees with Node's for every text and around the ends of blocks", () => {
    const agrees = (text: string) => {
      expect(toHex(digest(text))).toBe(createHash("sha256").update(text).digest("hex"));
    };
    for (let length = 50; length < 140; length++) agrees("x".repeat(length));
    agrees("long ".repeat(40_000));
    fc.assert(fc.property(texts, agrees));
  });
});
