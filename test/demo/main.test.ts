import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type DemoRun, runDemo } from "./run-demo.js";

const data = new URL("../../data/gsm8k-answers.json", import.meta.url);
const picture = fileURLToPath(new URL("../../out/frontier.svg", import.meta.url));

type Cell = readonly [answer: string | null, correct: 0 | 1, inputTokens: number, outputTokens: number];
interface Table {
  readonly models: readonly { readonly id: string; readonly price: readonly [number, number] }[];
  readonly questions: readonly (readonly [number: number, gold: string, cells: readonly Cell[]])[];
}

const { models, questions } = JSON.parse(readFileSync(data, "utf8")) as Table;
const FLASH = "gemini-1.5-flash";
const MINI = "gpt-4o-mini-2024-07-18";
const LLAMA = "Meta-Llama-3.1-8B-Instruct";
const STRONG = "gpt-4o-2024-08-06";

interface Expected {
  /** Per cent. */
  readonly right: number;
  /** USD per 1,000 questions. */
  readonly cost: number;
  readonly calls: number;
}

type Reply = { readonly number: number; readonly correct: boolean };

/** Plain code over the file: `choose` gets what each model of the ladder said and returns who was asked and whose answer counts. */
function compute(
  ids: readonly string[],
  choose: (replies: readonly Reply[]) => { readonly asked: number; readonly answer: Reply },
): Expected {
  const columns = ids.map((id) => models.findIndex((model) => model.id === id));
  let right = 0;
  let dollars = 0;
  let calls = 0;
  for (const [, , cells] of questions) {
    const said = columns.map((column) => cells[column]!);
    const { asked, answer } = choose(
      said.map(([text, correct]) => ({ number: Number(text ?? Number.NaN), correct: correct === 1 })),
    );
    calls += asked;
    if (answer.correct) right += 1;
    said.slice(0, asked).forEach(([, , inputTokens, outputTokens], index) => {
      const [input, output] = models[columns[index]!]!.price;
      dollars += (inputTokens * input + outputTokens * output) / 1e6;
    });
  }
  const total = questions.length;
  return { right: (100 * right) / total, cost: (1000 * dollars) / total, calls: calls / total };
}

const alone = (id: string) => compute([id], ([answer]) => ({ asked: 1, answer: answer! }));

const ladder = (ids: readonly string[]) =>
  compute(ids, (replies) => {
    for (let asked = 2; asked <= replies.length; asked++) {
      const answer = replies[asked - 1]!;
      const agree = replies.slice(0, asked).filter(({ number }) => number === answer.number).length;
      if (agree >= 2) return { asked, answer };
    }
    return { asked: replies.length, answer: replies.at(-1)! };
  });

const vote = compute([FLASH, MINI, LLAMA], (replies) => {
  const votes = replies.map(({ number }) => replies.filter((other) => other.number === number).length);
  return { asked: 3, answer: replies[votes.indexOf(Math.max(...votes))]! };
});

const strong = alone(STRONG);
const cheap = alone(FLASH);
const shortLadder = ladder([FLASH, MINI, STRONG]);
const share = (shortLadder.cost - cheap.cost) / (strong.cost - cheap.cost);

const measured: [name: string, expected: Expected][] = [
  ["always gemini-1.5-flash", cheap],
  ["always gpt-4o-mini", alone(MINI)],
  ["always Llama-3.1-8B", alone(LLAMA)],
  ["always gpt-4o", strong],
  ["majority vote of 3", vote],
  ["3-tier agreement cascade", shortLadder],
  ["4-tier agreement cascade", ladder([FLASH, MINI, LLAMA, STRONG])],
];

describe("npm run demo", () => {
  const startedAt = Date.now();
  let run: DemoRun;

  beforeAll(async () => {
    run = await runDemo();
  }, 600_000);

  function rowOf(name: string): Expected & { readonly interval: readonly number[]; readonly saved: number } {
    const line = run.stdout.split("\n").find((each) => each.startsWith(`${name} `) && each.includes("$"));
    const figures = /([\d.]+) % +(?:([\d.]+)-([\d.]+) %|-) +\$([\d.]+) +([\d.]+) +(-?[\d.]+) %$/.exec(line ?? "") ?? [];
    const [right, low, high, cost, calls, saved] = figures.slice(1).map(Number);
    return { right: right!, interval: [low!, high!], cost: cost!, calls: calls!, saved: saved! };
  }

  it("ends well, without a key, and says so in lines that fit 80 columns", () => {
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain("on 392 recorded GSM8K questions: no key, no network");
    expect(run.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(measured)("prints for %s what plain code computes from the file", (name, expected) => {
    const { right, cost, calls, saved, interval } = rowOf(name);
    expect(right).toBeCloseTo(expected.right, 1);
    expect(cost).toBeGreaterThan(expected.cost * 0.95);
    expect(cost).toBeLessThan(expected.cost * 1.05);
    expect(calls).toBeCloseTo(expected.calls, 2);
    expect(saved).toBeCloseTo(100 * (1 - expected.cost / strong.cost), 1);
    expect(interval[0]).toBeLessThan(right);
    expect(interval[1]).toBeGreaterThan(right);
  });

  it("prints the expected value of the random mix at the cost of the cascade, and one seed near it", () => {
    const expected = rowOf("random mix, expected");
    expect(expected.right).toBeCloseTo(share * strong.right + (1 - share) * cheap.right, 1);
    expect(expected.cost).toBe(rowOf("3-tier agreement cascade").cost);
    const seeded = rowOf("random mix, seed 1");
    expect(Math.abs(seeded.right - expected.right)).toBeLessThan(3);
    expect(Math.abs(seeded.cost - expected.cost)).toBeLessThan(0.15);
    expect(seeded.calls).toBe(1);
  });

  it("prints the figures of README's table", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| [^|]+ \| ([\d.]+) % \| ([^|]*)\| ([\d.]+) \| ([\d.]+) \| ([^|]*)\|$/gm)];
    const printed = run.stdout.split("\n").map((line) => line.replace(/\s+/g, " "));
    expect(rows).toHaveLength(7);
    for (const [row, right, interval, cost, calls, saved] of rows) {
      const figures = [
        `${right} %`,
        interval!.trim() || "-",
        `$${cost}`,
        calls,
        saved!.replace(/[*]/g, "").trim() || "0.0 %",
      ];
      const found = printed.filter((line) => figures.join(" ") === line.trim().slice(-figures.join(" ").length));
      expect([row, found.length > 0]).toEqual([row, true]);
    }
  });

  it("says what it rests on: recordings, origins and licences, prices, estimated tokens, overlapping intervals", () => {
    const text = run.stdout.replace(/\s+/g, " ");
    expect(text).toContain("The answers are RECORDED, not live");
    expect(text).toContain("The texts of the questions are not in this repository");
    expect(text).toContain("github.com/WildEval/ZeroEval at 8c1485e, Apache-2.0");
    expect(text).toContain("github.com/openai/grade-school-math, MIT");
    expect(text).toContain("tokens are characters / 4");
    expect(text).toContain("public list prices of the models' time");
    expect(text).toContain("The rule reads no accuracies");
    expect(text).toMatch(/always gpt-4o 0\.0 -1\.2 to \+1\.2 not distinguishable/);
    expect(text).toContain("not that they are equal");
  });

  it("closes with the result in three lines, of the figures above", () => {
    const [, conclusion] = run.stdout.replace(/\s+/g, " ").split("In short ");
    const cascade = rowOf("3-tier agreement cascade");
    const ofStrong = (100 * (1 - cascade.saved / 100)).toFixed(1);
    expect(conclusion).toContain(
      `3-tier agreement cascade: ${cascade.right.toFixed(1)} % right at ${ofStrong} % of the cost`,
    );
    expect(conclusion).toMatch(/always gpt-4o-mini costs 33\.\d % of it\./);
    expect(conclusion).toMatch(/Beside random mixes of equal cost: gemini-1\.5-flash, gpt-4o \+3\.\d points/);
  });

  it("shows why one run went up the whole ladder", () => {
    expect(run.stdout).toMatch(/- escalate → gpt-4o-mini: .+\n- escalate → gpt-4o: .+\n- accept → gpt-4o: /);
  });

  it("draws the picture", () => {
    expect(run.stdout).toContain("Picture: out/frontier.svg");
    expect(statSync(picture).mtimeMs).toBeGreaterThanOrEqual(startedAt - 1000);
    const svg = readFileSync(picture, "utf8");
    for (const [name] of measured) expect(svg).toContain(name.replace("always ", ""));
  });

  it("reports progress on stderr, in plain lines where that is no terminal", () => {
    const lines = run.stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(measured.length + 1);
    for (const line of lines) expect(line).toMatch(/^[\w.,\- ]+: 392 done in \d+\.\d s$/);
  });
});
