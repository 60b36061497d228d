import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { placeBoxTitles } from "../../src/drawing/box-titles.js";
import { textWidth } from "../../src/drawing/svg-text.js";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createRouter,
  majorityVote,
  untilApproved,
} from "../../src/index.js";
import { drawGraph, step, toPng } from "../../src/notebook/index.js";
import { httpError, saying } from "../support/fakes.js";

const taken = "#0072b2";
const now = "#e69f00";
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
        expect(partOf(svg, "small")).toContain(now);
        expect(partOf(svg, "verifier")).not.toContain(taken);
      }
    }
    expect(partOf(svg, "verifier&#45;&gt;large")).toContain("escalate");
    expect(partOf(svg, "verifier&#45;&gt;__end__")).toContain("accept");
    expect(partOf(svg, "__end__")).toContain(taken);
  });

  it("has the colours of dark pages, and refuses other themes", async () => {
    const visited = ["__start__", "small", "verifier"];
    const highlight = { visited, node: "verifier" };
    const [light, dark] = [
      await drawGraph(cascade(), highlight),
      await drawGraph(cascade(), { ...highlight, theme: "dark" }),
    ];
    const shape = (svg: string) => svg.replace(/(fill|stroke)="[^"]*"/g, "");
    expect(shape(dark)).toBe(shape(light));
    for (const colour of ["#ffffff", "#1f2933", "#0072b2", "#e69f00", "#52606d", "#9aa5b1"])
      expect(dark).not.toContain(colour);
    expect(partOf(dark, "small")).toMatch(/<text[^>]* fill="white"/); // on blue
    await expect(drawGraph(cascade(), { theme: "blue" as never })).rejects.toMatchObject({ option: "drawGraph.theme" });
  });

  it("does not colour the branch a fork did not take", async () => {
    const graph = createRouter({ models: { one: saying("1"), two: saying("2") }, route: () => "two" });
    let svg = "";
    for await (const done of step(graph, { messages: "Which?" })) svg = await drawGraph(graph, done);
    expect(partOf(svg, "router&#45;&gt;two")).toContain(taken);
    expect(partOf(svg, "router&#45;&gt;one")).not.toContain(taken);
    expect(partOf(svg, "one")).not.toContain(taken);
  });

  it("shows a decision as soon as it is made, before the node it leads to has run", async () => {
    const route = () => ({ name: "two", label: "HARD" }) as const;
    const graph = createRouter({ models: { one: saying("1"), two: saying("2") }, route });
    for await (const done of step(graph, { messages: "Which?" })) {
      const svg = await drawGraph(graph, done);
      expect(partOf(svg, "router&#45;&gt;two")).toContain("HARD");
      if (done.node === "router") expect(partOf(svg, "two")).not.toContain(now);
    }
  });

  it("puts the acceptance of a stage on the way to the stage it names, and that of a verifier on the way to the end", async () => {
    const visited = ["__start__", "write", "review"];
    const decisions = [{ node: "review", kind: "accept", chosen: "refine", reason: "approved" }] as const;
    const stages = {
      write: saying("a"),
      review: { model: saying("Approved."), next: untilApproved("write") },
      refine: saying("b"),
    };
    const svg = await drawGraph(createPipeline({ stages }), { visited, decisions });
    expect(partOf(svg, "review&#45;&gt;refine")).toContain(">accept</text>");
    expect(svg.match(/>accept</g)).toHaveLength(1);
  });

  it("sets every line of a label in the middle of its ground, which is wide enough for it", async () => {
    const score = {
      node: "verifier",
      kind: "escalate",
      chosen: "large",
      scores: { judge: 0.2 },
      threshold: 0.7,
    } as const;
    const visited = ["__start__", "small", "verifier", "large"];
    const edge = partOf(
      await drawGraph(cascade(), { visited, decisions: [{ ...score, reason: "" }] }),
      "verifier&#45;&gt;large",
    );
    const [left, right] = edge
      .match(/stroke="none" points="([\d.]+),\S+ \S+ ([\d.]+),/)!
      .slice(1)
      .map(Number);
    const lines = [...edge.matchAll(/text-anchor="middle" x="([\d.]+)".*>(.*)<\/text>/g)];
    expect(lines.map(([, , text]) => text)).toEqual(["escalate", "0.2 &lt; 0.7"]);
    for (const [, x, text] of lines) {
      expect(Number(x)).toBeCloseTo((left! + right!) / 2, 1);
      expect(textWidth(text!.replace("&lt;", "<"), { size: 11 })).toBeLessThanOrEqual(right! - left!);
    }
  });

  it("gives every node room for its name", async () => {
    const name = "MMMMMMMMMMMMMMMMMMMMM";
    const node = partOf(await drawGraph(createFallback({ models: { [name]: saying("x") } })), name);
    const across = [...node.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
    expect(Math.max(...across) - Math.min(...across)).toBeGreaterThan(textWidth(name, { size: 13 }));
  });

  it("puts the title of a box into the corner that no edge crosses", () => {
    const drawn = (curve: string) => `class="cluster">
<title>cluster_a</title>
<path fill="none" d="M0,0C0,0 200,0 200,0 200,100 0,100 0,0"/>
<text text-anchor="middle" x="20" y="14" font-size="12.00">a</text>
class="edge">
<title>b</title>
<path fill="none" d="${curve}"/>`;
    expect(placeBoxTitles(drawn("M12,-40C12,0 12,20 12,60"))).toContain('text-anchor="end" x="192.00" y="14"');
    expect(placeBoxTitles(drawn("M190,-40C190,0 190,20 190,60"))).toContain('text-anchor="start" x="8.00" y="14"');
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

  it("draws a long fallback chain as a chain: to the next, to the end, and one edge back", async () => {
    const models = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`m${index}`, saying("x")]));
    const svg = await drawGraph(createFallback({ models, defaultResponse: "Later." }));
    expect(svg.match(/class="edge"/g)).toHaveLength(1 + 29 + 30 + 1 + 1 + 1); // from start, on, to the end, back, default
    expect(svg).toContain("<title>m3&#45;&gt;m4</title>");
    expect(svg).not.toContain("<title>m3&#45;&gt;m5</title>");
    expect(svg).toContain("<title>m29&#45;&gt;m0</title>");
  });

  it("draws the model a chain passed over to all the same, where it is a graph too", async () => {
    const spent = () => saying(httpError(402));
    const models = { a: spent(), b: cascade(), c: cascade() };
    const graph = createFallback({ models });
    const decision = { node: "a", kind: "fallback", chosen: "c", reason: "a failed: quota" } as const;
    const svg = await drawGraph(graph, {
      visited: ["__start__", "a", "c:small", "c:verifier", "c"],
      decisions: [decision],
    });
    expect(partOf(svg, "a&#45;&gt;c:small")).toContain(taken);
    expect(await drawGraph(graph)).not.toContain("<title>a&#45;&gt;c:small</title>");
    expect(await drawGraph(graph)).toContain("<title>c:__end__&#45;&gt;a</title>");
  });

  it("draws every edge of a pipeline that sends work back", async () => {
    const back = untilApproved("a");
    const stages = { a: saying("a"), b: { model: saying("b"), next: back }, c: { model: saying("c"), next: back } };
    const svg = await drawGraph(createPipeline({ stages }));
    for (const edge of ["a&#45;&gt;b", "b&#45;&gt;a", "b&#45;&gt;c", "c&#45;&gt;a", "c&#45;&gt;__end__"])
      partOf(svg, edge);
  });

  it("colours the way through lanes whose steps come between one another", async () => {
    const graph = createEnsemble({ models: { left: cascade(), right: cascade() }, aggregate: majorityVote() });
    const lanes = ["small", "verifier", "large", "verifier"].flatMap((name) => [`left:${name}`, `right:${name}`]);
    const decisions = ["left", "right"].map(
      (lane) => ({ node: `${lane}/verifier`, kind: "escalate", chosen: "large", reason: "" }) as const,
    );
    const order = ["__start__", "fan_out", ...lanes];
    const svg = await drawGraph(graph, { visited: order, decisions });
    for (const lane of ["left", "right"]) {
      expect(partOf(svg, `${lane}:verifier&#45;&gt;${lane}:large`)).toContain(taken);
      expect(partOf(svg, `${lane}:verifier&#45;&gt;${lane}:large`)).toContain(">escalate<");
      expect(partOf(svg, `${lane}:verifier&#45;&gt;${lane}:__end__`)).not.toContain(taken);
    }
    const undecided = await drawGraph(graph, { visited: order });
    expect(partOf(undecided, "right:verifier&#45;&gt;right:large")).toContain(taken);
  });

  it("draws an edge and its labelled way back beside one another, the label beside both", async () => {
    const stages = { code: saying("a"), review: { model: saying("b"), next: untilApproved("code") } };
    const decisions = [{ node: "review", kind: "revise", chosen: "code", reason: "no" }] as const;
    const visited = ["__start__", "code", "review"];
    const svg = await drawGraph(createPipeline({ stages }), { visited, decisions });
    const across = (part: string) => {
      const [, curve] = /<path [^>]* d="([^"]*)"/.exec(part)!;
      return [...curve!.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
    };
    const back = partOf(svg, "review&#45;&gt;code");
    const tips = [across(back), across(partOf(svg, "code&#45;&gt;review"))].map((points) => points.at(-1)!);
    expect(Math.abs(tips[0]! - tips[1]!)).toBeGreaterThan(7);
    const ground = Number(/stroke="none" points="([\d.]+),/.exec(back)![1]);
    for (const x of across(back)) expect(ground - x).toBeGreaterThan(4);
  });

  it("writes what XML cannot hold as a sign for it", async () => {
    const graph = new StateGraph(MessagesAnnotation).addNode("\u0007bell", () => ({})).addEdge(START, "\u0007bell");
    const svg = await drawGraph(graph);
    expect(svg).not.toContain("\u0007");
    expect(svg).toContain(">\ufffdbell</text>");
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

  it("does not become a PNG that no memory holds, and nothing else does", async () => {
    const svg = await drawGraph(cascade());
    for (const scale of [0, -1, Number.NaN, 1e5]) {
      await expect(toPng(svg, { scale })).rejects.toMatchObject({ name: "InvalidOptionError", option: "toPng.scale" });
    }
    await expect(toPng("hello")).rejects.toMatchObject({ name: "InvalidOptionError", option: "toPng.svg" });
  });
});
