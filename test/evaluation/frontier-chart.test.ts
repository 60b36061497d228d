import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadRecordedAnswers } from "../../demo/recorded-answers.js";
import { wilsonInterval } from "../../demo/statistics.js";
import { textWidth } from "../../src/drawing/svg-text.js";
import { type Box, overlaps } from "../../src/evaluation/chart/place-labels.js";
import { type FrontierPoint, frontierChart } from "../../src/notebook/index.js";

function toPoint(name: string, cost: number, right: number, highlight = false): FrontierPoint {
  return { name, cost, accuracy: right / 392, interval: wilsonInterval(right, 392), highlight };
}

function realPoints(): FrontierPoint[] {
  const { models, questions } = loadRecordedAnswers();
  return [...models.values()].map(({ id, price }) => {
    const answers = [...questions.values()].map((question) => question.answers.get(id)!);
    const tokens = answers.reduce(
      (sum, each) => sum + each.inputTokens * price.input + each.outputTokens * price.output,
      0,
    );
    return toPoint(id, tokens / 1e3 / 392, answers.filter(({ correct }) => correct).length);
  });
}

const realistic = [
  ...realPoints(),
  toPoint("agreement cascade", 0.311, 377, true),
  toPoint("random mix, equal cost", 0.311, 364, true),
  toPoint("majority vote of three", 0.395, 370, true),
];

interface Text extends Box {
  readonly content: string;
  readonly isLabel: boolean;
}

/** The boxes of all horizontal texts, from the SVG alone. */
function textsOf(svg: string): Text[] {
  return [...svg.replaceAll(/<g transform="rotate.*?<\/g>/g, "").matchAll(/<text (.*?)>(.*?)<\/text>/g)].map(
    ([, attributes = "", content = ""]) => {
      const read = (name: string) => attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
      const size = Number(read("font-size"));
      const width = textWidth(content, { size, bold: read("font-weight") === "700" });
      const shift = { start: 0, middle: 0.5, end: 1 }[read("text-anchor") as "start" | "middle" | "end"];
      const box = { x: Number(read("x")) - shift * width, y: Number(read("y")) - 0.8 * size, width, height: size };
      return { ...box, content, isLabel: read("class") === "label" };
    },
  );
}

function marksOf(svg: string): Box[] {
  const circles = [...svg.matchAll(/<circle class="mark" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/g)];
  const diamonds = [...svg.matchAll(/<path class="mark" d="M([\d.]+) ([\d.]+)l7/g)];
  return [
    ...circles.map(([, x, y, r]) => ({ x: Number(x) - Number(r), y: Number(y) - Number(r), width: 12, height: 12 })),
    ...diamonds.map(([, x, y]) => ({ x: Number(x) - 7, y: Number(y), width: 14, height: 14 })),
  ];
}

function expectReadable(svg: string): void {
  const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/)!.map(Number);
  const texts = textsOf(svg);
  const marks = marksOf(svg);
  for (const [index, text] of texts.entries()) {
    const isInside = text.x >= 0 && text.y >= 0 && text.x + text.width <= width! && text.y + text.height <= height!;
    expect(isInside, `"${text.content}" is inside the picture`).toBe(true);
    const covered = texts.slice(index + 1).filter((other) => overlaps(text, other));
    expect(covered.map(({ content }) => `${content} covers ${text.content}`)).toEqual([]);
    if (text.isLabel) expect(marks.filter((mark) => overlaps(text, mark))).toEqual([]);
  }
}

describe("frontierChart", () => {
  it("shows every label of the real points inside the picture, on top of no text and no mark", () => {
    const svg = frontierChart(realistic);
    expectReadable(svg);
    const inLegend = 2;
    expect(marksOf(svg)).toHaveLength(realistic.length + inLegend);
    for (const { name } of realistic) {
      expect(textsOf(svg).filter(({ content, isLabel }) => isLabel && content === name)).toHaveLength(1);
    }
  });

  it("keeps labels apart wherever the points lie", () => {
    const point = fc
      .record({ cost: fc.double({ min: 0.01, max: 10, noNaN: true }), right: fc.integer({ min: 200, max: 392 }) })
      .chain(({ cost, right }) => fc.boolean().map((highlight) => ({ cost, right, highlight })));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 10 }), (points) => {
        expectReadable(
          frontierChart(
            points.map(({ cost, right, highlight }, i) => toPoint(`model number ${i}`, cost, right, highlight)),
          ),
        );
      }),
      { numRuns: 40, seed: 392 },
    );
  });

  it("estimates text at least as wide as the glyphs of DejaVu Sans are", () => {
    // Advance widths in em, regular and bold, measured in DejaVu Sans 2.37.
    for (const [text, regular, bold] of [
      ["Mixtral-8x7B-Instruct-v0.1@zeroshot", 18.343, 20.785],
      ["claude-3-5-sonnet-20241022", 14.538, 16.197],
      ["96.2 % · $0.31", 7.311, 8.057],
      ["WWWMMM", 5.555, 6.294],
    ] as const) {
      expect(textWidth(text, { size: 1 })).toBeGreaterThanOrEqual(regular);
      expect(textWidth(text, { size: 1, bold: true })).toBeGreaterThanOrEqual(bold);
    }
  });

  it("draws the frontier through the points that nothing cheaper equals", () => {
    const corners = (points: FrontierPoint[]) => {
      return frontierChart(points)
        .match(/class="frontier" points="([^"]*)"/)![1]!
        .split(" ").length;
    };
    const cheap = toPoint("cheap", 0.1, 350);
    const strong = toPoint("strong", 1, 380);
    expect(corners([cheap, strong])).toBe(3);
    expect(corners([cheap, strong, toPoint("dominated", 0.5, 340)])).toBe(3);
    expect(corners([cheap, strong, toPoint("as good, cheaper", 0.5, 380)])).toBe(3);
    expect(corners([cheap, strong, toPoint("between", 0.5, 370)])).toBe(5);
  });

  it("has a background of its own and uses colours of the Okabe-Ito palette", () => {
    const svg = frontierChart(realistic);
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('<rect x="0.5" y="0.5" width="899" height="599" rx="8" fill="#FFFFFF"');
    for (const colour of ["#0072B2", "#D55E00", "#009E73"]) expect(svg).toContain(colour);
  });

  it("escapes names and words", () => {
    const svg = frontierChart([toPoint('a < b & "c"\u0000', 1, 300)], { title: "<script>" });
    expect(svg).toContain("a &lt; b &amp; &quot;c&quot;</text>");
    expect(svg).toContain("<title>&lt;script&gt;</title>");
    expect(svg).not.toContain("\u0000");
  });

  it("gives the same text for the same points", () => {
    expect(frontierChart(realistic)).toBe(frontierChart(realistic));
  });

  it("draws what is free on the left, apart from the logarithmic axis", () => {
    const free = toPoint("local", 0, 300);
    const svg = frontierChart([free, toPoint("cheap", 0.1, 350)]);
    expectReadable(svg);
    const [, local, cheap] = marksOf(svg); // the first is the legend's
    expect(local!.x).toBeLessThan(cheap!.x - 50);
    expect(svg).toContain(">free<");
    expectReadable(frontierChart([free]));
  });

  it("refuses words and names that find no room, by name", () => {
    const point = toPoint("one", 1, 300);
    const long = "many words ".repeat(20);
    expect(() => frontierChart([point], { costOf: long })).toThrow(/does not fit.*many words/);
    expect(() => frontierChart([point], { legend: { plain: long, highlight: "b" } })).toThrow(/legend.*many words/);
    expect(() => frontierChart([point, toPoint("n".repeat(200), 1, 300)])).toThrow(/name does not fit.*nnn/);
  });

  it("refuses no points, a cost below nothing, an interval that misses its point, and words that do not fit", () => {
    expect(() => frontierChart([])).toThrow(/at least one/);
    expect(() => frontierChart([toPoint("odd", -1, 300)])).toThrow(/cost of odd is -1/);
    expect(() => frontierChart([{ ...toPoint("odd", 1, 300), interval: [0.1, 0.2] }])).toThrow(/accuracy of odd/);
    expect(() => frontierChart([toPoint("one", 1, 300)], { title: "a very long title ".repeat(9) })).toThrow(/not fit/);
  });
});
