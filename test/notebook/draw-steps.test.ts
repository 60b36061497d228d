import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import { check, createCascade } from "../../src/index.js";
import { drawSteps, type Step, type Steppable, step } from "../../src/notebook/index.js";
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
    const places = [...svg.matchAll(/<title>large<\/title>\n<path [^>]* d="([^"]*)"/g)].map(([, path]) => path);
    expect(places).toHaveLength(4);
    expect(new Set(places).size).toBe(1);
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
