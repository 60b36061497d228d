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
import { drawGraph, drawSteps, type Step, type Steppable, step, toPng } from "../../src/notebook/index.js";
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

  it("outlines the node that failed, in both themes", async () => {
    const graph = cascade();
    const [first, second] = await stepsOf(graph);
    const failed: Step = { ...second!, failed: true };
    const svg = await drawSteps(graph, [first!, failed]);
    expect(svg).toContain("2  verifier failed<");
    const outline = (colour: string) => new RegExp(`<title>verifier</title>\n<polygon fill="[^"]*" stroke="${colour}"`);
    expect(svg).toMatch(outline("#d55e00"));
    expect(await drawSteps(graph, [first!, second!])).not.toContain("#d55e00");
    expect(await drawSteps(graph, [first!, failed], { theme: "dark" })).toMatch(outline("#f0883e"));
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

  describe("animate", () => {
    /** What of a picture moves: the names of its animations, and when each shows its step, in percent. */
    function played(svg: string) {
      const sheet = /<style>([\s\S]*)<\/style>/.exec(svg)![1]!;
      const frames = [...sheet.matchAll(/@keyframes (frame-\d+-of-\d+)\{(.*)\}$/gm)].map(([, name, steps]) => ({
        name,
        from: /([\d.]+)%\{opacity:1\}/.exec(steps!)![1]!,
        ends: [...steps!.matchAll(/([\d.]+)%\{opacity:0\}/g)].map(([, at]) => at!),
      }));
      return { sheet, frames };
    }

    it("plays the steps one after the other, without a script, for readers who like motion", async () => {
      const graph = cascade();
      const steps = await stepsOf(graph);
      const svg = await drawSteps(graph, steps, { animate: true });
      const { sheet, frames } = played(svg);
      expect(steps.length).toBe(4);
      expect(frames.map(({ name }) => name)).toEqual(steps.map((_, index) => `frame-${index + 1}-of-4`));
      for (const [index, { from, ends }] of frames.entries()) {
        if (index === 0) expect(Number(from)).toBe(0);
        else expect(ends[0]).toBe("0");
        if (index < 3)
          expect(ends).toContain(frames[index + 1]!.from); // no moment shows two steps, or no step
        else expect(ends).toEqual(["0"]);
        expect(svg.match(new RegExp(`class="frame-${index + 1}-of-4"`, "g"))).toHaveLength(1);
        expect(sheet).toMatch(
          new RegExp(`\\.item-${index + 1}-of-4\\{animation:item-${index + 1}-of-4 [\\d.]+s step-end infinite\\}`),
        );
      }
      expect(sheet).toMatch(/^@media \(prefers-reduced-motion:no-preference\)\{/);
      expect(svg).not.toMatch(/<script|\bon\w+=|href=|url\(/);
    });

    it("shows the last picture and all reasons where nothing moves", async () => {
      const graph = cascade();
      const steps = await stepsOf(graph);
      const svg = (await drawSteps(graph, steps, { animate: true })).replace(/<style>[\s\S]*<\/style>/, "");
      const shown = [...svg.matchAll(/class="(frame-\d)-of-4"( opacity="0")?/g)].map(([, name, hidden]) => [
        name,
        hidden,
      ]);
      expect(shown).toEqual([
        ["frame-1", ' opacity="0"'],
        ["frame-2", ' opacity="0"'],
        ["frame-3", ' opacity="0"'],
        ["frame-4", undefined],
      ]);
      expect(svg).not.toMatch(/class="item[^>]*opacity/);
      const captions = (text: string) =>
        [...text.matchAll(/font-size="11" fill="#52606d"[^>]*>([^<]*)</g)].map(([, line]) => line!);
      const whole = captions(await drawSteps(graph, steps, { width: 10_000 })).join(" ");
      expect(captions(svg).join(" ")).toBe(whole);
      expect((await toPng(svg)).length).toBeGreaterThan(1000);
    });

    it("fits the width: the list is beside the picture, or below it, and inside", async () => {
      const graph = cascade();
      const steps = await stepsOf(graph);
      for (const width of [860, 500, 240]) {
        const svg = await drawSteps(graph, steps, { animate: true, width });
        const [, shown, drawn, height] = /^<svg[^>]* width="(\d+)"[^>]*viewBox="0 0 (\d+) (\d+)"/
          .exec(svg)!
          .map(Number);
        expect(shown).toBeLessThanOrEqual(width);
        const items = [...svg.matchAll(/class="item[^>]*translate\(([\d.]+) ([\d.]+)\)">([\s\S]*?)<\/g>/g)];
        expect(items).toHaveLength(4);
        for (const [, x, y, content] of items) {
          for (const [, dy, text] of content!.matchAll(/y="([\d.]+)"[^>]*>([^<]*)</g)) {
            expect(16 + Number(x) + textWidth(text!, { size: 11 })).toBeLessThanOrEqual(drawn!);
            expect(16 + Number(y) + Number(dy)).toBeLessThan(height!);
          }
        }
      }
    });
  });

  it("tells programs the calls of each step, which are those it names", async () => {
    const graph = cascade();
    const steps = await stepsOf(graph);
    for (const animate of [false, true]) {
      const svg = await drawSteps(graph, steps, { animate });
      const frames = svg.split('<g class="step"').slice(1);
      expect(frames.map((frame) => /^ data-node="([^"]*)" data-calls="(\d+)"/.exec(frame)!.slice(1))).toEqual([
        ["small", "1"],
        ["verifier", "0"],
        ["large", "1"],
        ["verifier", "0"],
      ]);
      for (const frame of frames)
        expect(frame.match(/>asked /g)?.length ?? 0).toBe(Number(/data-calls="(\d+)"/.exec(frame)![1]));
      expect(/^<svg[^>]* data-calls="(\d+)"/.exec(svg)![1]).toBe(String(steps.at(-1)!.calls.length));
    }
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
