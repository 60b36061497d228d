import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());

describe("multimodel route", () => {
  it("prints what would be called, when and why, and the cost, and asks nothing", async () => {
    const { code, stdout } = await place.run(["route", "Why is the sky blue?"]);
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual(["call", "model", "when", "why"]);
    expect(rows.slice(1, 4).map((row) => row.slice(0, 3))).toEqual([
      ["fast", "gpt-4o-mini", "yes"],
      ["verifier", "gemini-2.5-flash", "yes"],
      ["strong", "gpt-4o", "if needed"],
    ]);
    expect(rows.at(-1)![0]).toMatch(/^assistant: \$0\.\d+ expected, \$\d+\.\d+ at worst$/);
    expect(place.server.requests).toEqual([]);
  });

  it("prints JSON, in which an unknown cost is null", async () => {
    const { code, stdout } = await place.run(["route", "--graph", "chain", "--json", "Hi"]);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        target: "chain",
        order: [
          { name: "own", model: "my-own" },
          { name: "fast", model: "gpt-4o-mini", reason: expect.any(String), otherwise: true },
        ],
        cost: { expected: null, worst: null },
      },
    ]);
  });

  it("names a model whose key is missing, and refuses a graph that the file lacks", async () => {
    const { stdout } = await place.run(["route", "--json", "Hi"], { env: { OPENAI_API_KEY: "" } });
    expect(JSON.parse(stdout).order[0]).toMatchObject({
      name: "fast",
      skipped: true,
      reason: expect.stringContaining("OPENAI_API_KEY"),
    });
    expect((await place.run(["route", "--graph", "nope", "Hi"])).code).toBe(2);
  });

  it("needs no key at all: every model is listed as skipped, and the run as one without an answer", async () => {
    const { code, stdout } = await place.run(["route", "--json", "--model", "fast", "Hi"], {
      env: { OPENAI_API_KEY: "" },
    });
    const { order, error } = JSON.parse(stdout);
    expect([code, order.map(({ skipped }: { skipped?: boolean }) => skipped)]).toEqual([0, [true]]);
    expect(error.message).toContain("OPENAI_API_KEY is not set");
  });
});
