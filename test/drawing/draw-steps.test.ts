import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import { textWidth } from "../../src/drawing/svg-text.js";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  longest,
} from "../../src/index.js";
import { drawGraph, drawSteps, type Step, type Steppable, step } from "../../src/notebook/index.js";
import { saying } from "../support/fakes.js";

const passes = check(({ answer }) => answer.text.startsWith("good"));
const cascade = () => createCascade({ models: { small: saying("bad"), large: saying("good") }, verify: passes });

async function stepsOf(graph: Steppable, config = {}): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const done of step(graph, { messages: "Why?" }, config)) steps.push(done);
  return steps;
}

describe("drawSteps", () => {
  it("draws one picture a step, with what it asked and decided under it", async () => {
    const graph = cascade();
    const svg = await drawSteps(graph, await stepsOf(graph));
    const titles = [...svg.matchAll(/font-weight="700">([^<]*)</g)].map(([, title]) => title);
    expect(titles).toEqual(["1  small", "2  verifier", "3  large", "4  verifier"]);
    expect(svg.match(/<title>small<\/title>/g)).toHaveLength(4);
    expect(svg).toContain(">asked small<");
    expect(svg).toContain(">escalate large: the check<");
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toMatch(/ id="/);
  });

  it("leaves every node where it is from picture to picture", async () => {
    const graph = cascade();
    const svg = await drawSteps(graph, await stepsOf(graph));
    const places = [...svg.matchAll(/<title>large<\/title>\n<path [^>]* d="M([\d.-]+),([\d.-]+)/g)];
    expect(places).toHaveLength(4);
    for (const axis of [1, 2]) {
      const across = places.map((place) => Number(place[axis]));
      expect(Math.max(...across) - Math.min(...across)).toBeLessThan(0.1); // of a pixel: a thick arrow ends a little earlier
    }
  });

  it("goes on in a new row where the width ends, and gives the same text for the same run", async () => {
    const graph = cascade();
    const steps = await stepsOf(graph);
    const sizeOf = (svg: string) =>
      svg
        .match(/width="(\d+)" height="(\d+)"/)!
        .slice(1)
        .map(Number);
    const [wide] = sizeOf(await drawSteps(graph, steps));
    const [narrow, high] = sizeOf(await drawSteps(graph, steps, { width: 300 }));
    expect(narrow).toBeLessThanOrEqual(300);
    expect(high).toBeGreaterThan(wide! / 2);
    expect(await drawSteps(graph, steps)).toBe(await drawSteps(graph, steps));
  });

  it("says that a run is paused, and shows what it is about to do", async () => {
    const graph = cascade();
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["large"] });
    const svg = await drawSteps(graph, await stepsOf(app, { configurable: { thread_id: "1" } }));
    expect(svg).toContain(">3  paused<");
    const paused = svg.slice(svg.indexOf(">3  paused<"));
    expect(paused).toMatch(/<title>verifier&#45;&gt;large<\/title>\n<path [^>]*stroke="#0072b2"/);
  });

  it("begins a resumed run where it was", async () => {
    const graph = cascade();
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["large"] });
    const config = { configurable: { thread_id: "1" } };
    await stepsOf(app, config);
    const steps: Step[] = [];
    for await (const done of step(app, null, config)) steps.push(done);
    const [first] = (await drawSteps(graph, steps)).split(">2  verifier<");
    expect(first).toMatch(/<title>small<\/title>\n<path [^>]*fill="#0072b2"/);
    expect(first).toMatch(/<title>verifier&#45;&gt;large<\/title>\n<path [^>]*stroke="#0072b2"/);
    expect(first).toContain(">escalate<");
    expect(first!.match(/>(asked|escalate|accept)\b[^<]/g)).toEqual([">asked "]); // what was before the pause is not of this step
    const calls = (svg: string) => svg.match(/>asked /g)?.length;
    expect(calls(await drawSteps(graph, steps))).toBe(steps.at(-1)!.calls.length - steps[0]!.earlier!.calls);
  });

  it("is at most 860 pixels wide, and as wide as is said, whatever is drawn", async () => {
    const lanes = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`model_${index}`, saying("good")]));
    const graph = createEnsemble({ models: lanes, aggregate: longest() });
    const steps = await stepsOf(graph);
    const sizes = [
      await drawGraph(graph),
      await drawSteps(graph, steps),
      await drawSteps(graph, steps, { width: 400 }),
    ];
    expect(sizes.map((svg) => /^<svg[^>]* width="([^"]+)"/.exec(svg)![1])).toEqual(["860", "860", "400"]);
    for (const svg of sizes) {
      const [, width, height, left, top] =
        /^<svg[^>]*? width="([\d.]+)" height="([\d.]+)"\s+viewBox="\S+ \S+ (\S+) ([\d.]+)"/.exec(svg)!.map(Number);
      expect(height! / width!).toBeCloseTo(top! / left!, 1); // whole, in its own proportions
    }
  });

  it("says why under every step, when the reason is the same again too", async () => {
    const graph = createQualityGate({ model: saying("bad", "bad", "bad"), verify: passes, maxRevisions: 2 });
    const svg = await drawSteps(graph, await stepsOf(graph));
    expect(svg.match(/>revise: the check/g)).toHaveLength(2);
    expect(svg.match(/>not passed</g)).toHaveLength(1);
    expect(svg).not.toContain(">accept<");
  });

  it("breaks long words, and ends a long reason after four lines", async () => {
    const graph = cascade();
    const reason = `${"https://example.com/path/".repeat(8)} ${"and so on ".repeat(80)}`;
    const decision = { node: "verifier", kind: "escalate", chosen: "large", reason } as const;
    const call = { id: "1", path: "small", model: "accounts/fireworks/models/llama-v3p1-405b-instruct-turbo" };
    const done = { node: "verifier", update: {}, visited: ["__start__", "small", "verifier"] };
    const svg = await drawSteps(graph, [{ ...done, decisions: [decision], calls: [call as never] }]);
    const [, width] = /width="(\d+)"/.exec(svg)!.map(Number);
    const captions = [...svg.matchAll(/font-size="11" fill="#52606d"[^>]*>([^<]*)</g)].map(([, text]) => text!);
    for (const text of captions) expect(textWidth(text, { size: 11 })).toBeLessThan(width!);
    expect(captions.join("").replaceAll(" ", "")).toContain(call.model);
    expect(captions.length).toBeLessThanOrEqual(8);
    expect(captions.at(-1)).toMatch(/…$/);
  });

  it("marks the box of a nested graph that ended last, and keeps its title clear of the edge that comes in", async () => {
    const graph = createRouter({ models: { inner: cascade() }, route: () => "inner" });
    const steps = await stepsOf(graph);
    const svg = await drawSteps(graph, steps);
    expect(svg.match(/<title>cluster_inner<\/title>\n<path [^>]*stroke="#e69f00"/g)).toHaveLength(1);
    const narrow = createRouter({
      models: { a_long_name: createFallback({ models: { a: saying("x"), b: saying("y") } }) },
      route: () => "a_long_name",
    });
    const [, box] = /<title>cluster_a_long_name<\/title>\n<path [^>]* d="([^"]*)"/.exec(await drawGraph(narrow))!;
    const across = [...box!.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
    expect(Math.max(...across) - Math.min(...across)).toBeGreaterThan(2 * textWidth("a_long_name", { size: 12 }));
  });

  it("refuses what are no steps", async () => {
    const done = { node: "small", update: {}, visited: [], decisions: [], calls: [] };
    for (const steps of [undefined, "steps", [{ node: "small" }], [{ ...done, decisions: [null] }], [null]]) {
      await expect(drawSteps(cascade(), steps as never)).rejects.toMatchObject({ name: "InvalidOptionError" });
    }
  });

  it("refuses no steps", async () => {
    await expect(drawSteps(cascade(), [])).rejects.toMatchObject({
      name: "InvalidOptionError",
      option: "drawSteps.steps",
    });
  });
});

describe("optional packages", () => {
  it.each([
    ["drawGraph", "@viz-js/viz"],
    ["toPng", "@resvg/resvg-js"],
  ] as const)("%s names the package it needs when that is not installed", async (name, missing) => {
    vi.resetModules();
    vi.doMock(missing, () => {
      throw new Error("Cannot find package");
    });
    const room = await import("../../src/notebook/index.js");
    const attempt = name === "drawGraph" ? room.drawGraph(cascade()) : room.toPng("<svg/>");
    await expect(attempt).rejects.toMatchObject({ name: "MissingPackageError", neededBy: name, packages: [missing] });
    vi.doUnmock(missing);
  });
});
