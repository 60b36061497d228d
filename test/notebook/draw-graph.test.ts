import { describe, expect, it } from "vitest";
import { check, createCascade, createEnsemble, createFallback, createRouter, majorityVote } from "../../src/index.js";
import { drawGraph, step, toPng } from "../../src/notebook/index.js";
import { saying } from "../support/fakes.js";

const taken = "#0072b2";
const passes = check(({ answer }) => answer.text.startsWith("good"));
const cascade = () => createCascade({ models: { small: saying("bad"), large: saying("good answer") }, verify: passes });

/** The part of a picture that draws one node or edge, found by its title. */
function partOf(svg: string, title: string): string {
  const parts = svg.split(/(?=<g id=)/).filter((part) => part.includes(`<title>${title}</title>`));
  expect(parts).toHaveLength(1);
  return parts[0]!;
}

describe("drawGraph", () => {
  it("draws every node and edge, forks dashed", async () => {
    const svg = await drawGraph(cascade());
    expect(svg).toMatch(/^<svg/);
    for (const name of ["start", "small", "verifier", "large", "end"]) expect(svg).toContain(`>${name}</text>`);
    expect(partOf(svg, "verifier&#45;&gt;large")).toContain("stroke-dasharray");
    expect(partOf(svg, "small&#45;&gt;verifier")).not.toContain("stroke-dasharray");
    expect(svg).not.toContain(taken);
  });

  it("colours in what ran and says why, and leaves the rest", async () => {
    let svg = "";
    for await (const done of step(cascade(), { messages: "Why?" })) {
      svg = await drawGraph(cascade(), done);
      if (done.node === "small") {
        expect(partOf(svg, "small")).toContain(taken);
        expect(partOf(svg, "verifier")).not.toContain(taken);
      }
    }
    expect(partOf(svg, "verifier&#45;&gt;large")).toContain("escalate");
    expect(partOf(svg, "verifier&#45;&gt;__end__")).toContain("accept");
    expect(partOf(svg, "__end__")).toContain(taken);
  });

  it("does not colour the branch a fork did not take", async () => {
    const graph = createRouter({ models: { one: saying("1"), two: saying("2") }, route: () => "two" });
    let svg = "";
    for await (const done of step(graph, { messages: "Which?" })) svg = await drawGraph(graph, done);
    expect(partOf(svg, "router&#45;&gt;two")).toContain(taken);
    expect(partOf(svg, "router&#45;&gt;one")).not.toContain(taken);
    expect(partOf(svg, "one")).not.toContain(taken);
  });

  it("opens nested patterns in a box each, and colours the way through them", async () => {
    const models = { careful: saying("yes"), hasty: saying("yes") };
    const panel = createEnsemble({ models, aggregate: majorityVote(), stopEarly: false });
    const outer = createRouter({
      models: { panel, chain: createFallback({ models: { a: saying("x") } }) },
      route: () => "panel",
    });
    let svg = "";
    for await (const done of step(outer, { messages: "Is it?" })) svg = await drawGraph(outer, done);
    expect(svg).toContain("<title>cluster_panel</title>");
    expect(partOf(svg, "panel:careful&#45;&gt;panel:aggregator")).toContain(taken);
    expect(await drawGraph(outer, { xray: false })).not.toContain("cluster_panel");
  });

  it("writes names as text, whatever is in them", async () => {
    const decisions = [{ node: "router", kind: "route", chosen: "one", label: 'a<b>"&\\', reason: "" }] as const;
    const graph = createRouter({ models: { one: saying("1") }, route: () => "one" });
    const svg = await drawGraph(graph, { visited: ["__start__", "router", "one", "__end__"], decisions });
    expect(svg).toContain("a&lt;b&gt;");
  });

  it("refuses what is no graph", async () => {
    await expect(drawGraph({} as never)).rejects.toMatchObject({
      name: "InvalidOptionError",
      option: "drawGraph.graph",
    });
    await expect(drawGraph(null as never)).rejects.toMatchObject({ name: "InvalidOptionError" });
  });

  it("becomes a PNG without a browser", async () => {
    const png = await toPng(await drawGraph(cascade()));
    expect([...png.slice(1, 4)].map((byte) => String.fromCharCode(byte)).join("")).toBe("PNG");
    expect(new DataView(png.buffer, png.byteOffset).getUint32(16)).toBeGreaterThan(300); // pixels across
  });
});
