// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { describe, expect, it } from "vitest";
import { interpolate } from "../../../src/config/text/interpolate.js";

const environment = { NAME: "x", EMPTY: "", KEY: "sk-1234567890" };

describe("interpolate", () => {
  it.each([
    ["${NAME}", "x"],
    ["${env:NAME} and ${ENV:NAME}", "x and x"],
    ["${NOBODY:-y}${NOBODY:-}", "y"],
    ["${EMPTY:-y}", "y"],
    ["$${NAME} and $${ anything", "${NAME} and ${ anything"],
    ["$NAME {NAME} $", "$NAME {NAME} $"],
  ])("fills in %s", (text, filled) => {
    expect(interpolate({ a: text }, environment)).toMatchObject({ data: { a: filled }, missing: [] });
  });

  it.each(["${NAME", "${ NAME }", "${MY-VAR}", "${NAME:?x}", "${NAME:x}", "${A:-${NAME}}", "${}", "${1A}"])(
    "says that %s is no variable",
    (text) => {
      const { missing } = interpolate({ a: text }, environment);
      expect(missing[0]).toMatchObject({ path: ["a"], message: expect.stringContaining("without a variable") });
    },
  );

  it.each([
    ["${NAME:y}", "x"],
    ["${NOBODY:gpt-4o}", "gpt-4o"],
    ["${NOBODY:-gpt-4o}", "gpt-4o"],
  ])("fills in %s in a registry, whose defaults are written so", (text, model) => {
    const { data, missing } = interpolate({ "llm:a": { model: text } }, environment);
    expect([data, missing]).toEqual([{ "llm:a": { model } }, []]);
  });

  it.each(["${NAME:?x}", "${NAME:+x}", "${NAME:=x}"])("says that %s is no variable of a registry either", (text) => {
    expect(interpolate({ "llm:a": { model: text } }, environment).missing.length).toBe(1);
  });

  it("fills in keys nobody has, by their place, where none is needed", () => {
    const file = {
      models: { a: { apiKey: "${K}", headers: { x: "${H}" }, model: "${MY_KEY}", maxTokens: "${TOKENS:-5}" } },
    };
    const { data, missing } = interpolate(file, {}, true);
    expect(data).toEqual({
      models: { a: { apiKey: "not-needed", headers: { x: "not-needed" }, model: "${MY_KEY}", maxTokens: "5" } },
    });
    expect(missing.map(({ path }) => path)).toEqual([["models", "a", "model"]]);
  });
});
