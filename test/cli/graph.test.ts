import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());

/** What an environment without packages is to Node. */
function without(...packages: readonly string[]): Readonly<Record<string, string>> {
  const hooks = `export async function resolve(name, context, next) {
    if (!${JSON.stringify(packages)}.includes(name)) return next(name, context);
    throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  }`;
  const data = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  return { NODE_OPTIONS: `--import ${data(`import { register } from "node:module"; register("${data(hooks)}");`)}` };
}

describe("multimodel graph", () => {
  it.each([
    ["a.svg", "to draw SVG, run: npm install @viz-js/viz. Text and Mermaid need nothing."],
    ["a.png", "to draw PNG, run: npm install @viz-js/viz @resvg/resvg-js. Text and Mermaid need nothing."],
  ])("says all that %s needs where it is not installed", async (file, message) => {
    const env = without("@viz-js/viz", "@resvg/resvg-js");
    const { code, stderr } = await place.run(["graph", "chain", "-o", file], { env });
    expect([code, stderr]).toEqual([2, `multimodel: ${message}\n`]);
    expect((await place.run(["graph", "chain"], { env })).code).toBe(0);
  });

  it("fences Mermaid in a file of Markdown, which shows it then", async () => {
    await place.run(["graph", "chain", "-o", "a.md"]);
    expect(readFileSync(join(place.folder, "a.md"), "utf8")).toMatch(/^```mermaid\nflowchart TD\n[\s\S]*\n```\n$/);
  });

  it("writes to stdout for -", async () => {
    expect((await place.run(["graph", "chain", "-o", "-"])).stdout).toMatch(/^chain\n/);
  });

  it.each([
    [["-f", "svg", "-o", "a.png"], "a.png ends like png, but --format is svg"],
    [["-o", "no/a.svg"], "no/a.svg: there is no such file or folder"],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await place.run(["graph", "chain", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain("DEBUG");
  });
});
