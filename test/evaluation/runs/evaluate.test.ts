import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { ExactMatch, Levenshtein, NumericDiff } from "autoevals";
import { describe, expect, it } from "vitest";
import {
  choice,
  contains,
  type Example,
  evaluate,
  exact,
  json,
  loadReport,
  number,
  regex,
} from "../../../src/evaluation/index.js";
import { agreement, createCascade, normalizeNumber } from "../../../src/index.js";
import { useScratch } from "../recordings/support/scratch.js";
import { pricedModel } from "./support/priced-model.js";

const scratch = useScratch();
const dataset: Example[] = ["2 + 2", "3 * 6", "10 - 4"].map((input, index) => ({ input, expected: [4, 18, 6][index] }));
const right = (text: string) => String(dataset.find(({ input }) => input === text)?.expected ?? text);
const many = (count: number): Example[] => Array.from({ length: count }, (_, id) => ({ input: `${id}`, expected: id }));

describe("evaluate", () => {
  it("reports accuracy, cost, latency and calls by model, each with an interval, and keeps every ledger", async () => {
    const small = pricedModel("small", (text) => (text === "3 * 6" ? "It is 12." : right(text)));
    const other = pricedModel("other", (text) => (text === "3 * 6" ? "So 18" : right(text)));
    const large = pricedModel("large", right);
    const verify = agreement({ normalize: normalizeNumber });
    const graph = createCascade({ models: { small, other, large }, verify });
    const report = await evaluate({ graph, dataset, scorers: [number(), exact()] });
    expect(report.accuracy).toMatchObject({ value: 1, high: 1 });
    expect(report.accuracy.low).toBeCloseTo(0.4385, 3); // Wilson, 3 of 3
    expect(report.scores.exact!.value).toBe(1);
    expect(report.byModel.small!.calls.value).toBe(1);
    expect(report.byModel.large!.calls.value).toBeCloseTo(1 / 3, 12);
    expect(report.costUsd.value).toBeCloseTo((7 * 15e-6) / 3, 12);
    expect(report.totalCostUsd).toBeCloseTo(7 * 15e-6, 12);
    expect(report.latency.value).toBeGreaterThanOrEqual(0);
    expect(report.items.map(({ calls }) => calls.length)).toEqual([2, 3, 2]);
    expect(report.items.map(({ modelUsed }) => modelUsed)).toEqual(["other", "large", "other"]);
  });

  it("counts a run that failed as wrong, with its cost and its error, and goes on", async () => {
    const graph = pricedModel("m", (text) => {
      if (text === "3 * 6") throw Object.assign(new Error("down"), { status: 500 });
      return right(text);
    });
    const report = await evaluate({ graph, dataset, scorers: [number()] });
    expect(report).toMatchObject({ failed: 1, unscored: 0, accuracy: { value: 2 / 3 } });
    expect(report.items[1]).toMatchObject({
      right: false,
      scores: { number: 0 },
      error: expect.stringContaining("down"),
    });
    expect(report.items[1]!.calls).toMatchObject([{ status: "error" }]);
  });

  it("runs a bounded number at once, and reads a generator only as it answers", async () => {
    let [open, highest, read] = [0, 0, 0];
    const ahead: number[] = [];
    const graph = pricedModel("m", async (text) => {
      highest = Math.max(highest, ++open);
      ahead.push(read - Number(text));
      await new Promise(setImmediate);
      open--;
      return text;
    });
    async function* examples() {
      for (const example of many(40)) {
        read++;
        yield example;
      }
    }
    const report = await evaluate({ graph, dataset: examples(), scorers: [number()], concurrency: 5 });
    expect(report.items.map(({ id }) => id)).toHaveLength(40);
    expect(report.accuracy.value).toBe(1);
    expect(highest).toBe(5);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(10);
  });

  it("takes scorers of autoevals as they are", async () => {
    const graph = pricedModel("m", (text) => (text === "3 * 6" ? "19" : right(text)));
    const texts = dataset.map(({ input, expected }) => ({ input, expected: String(expected) }));
    const difference = ({ output, expected }: { output: string; expected?: number }) =>
      NumericDiff({ output: Number(output), expected: Number(expected) });
    const report = await evaluate({ graph, dataset: texts, scorers: [ExactMatch, Levenshtein, difference] });
    expect(report.accuracy.value).toBeCloseTo(2 / 3, 12);
    expect(report.scores.ExactMatch!.value).toBeCloseTo(2 / 3, 12);
    expect(report.scores.Levenshtein!.value).toBeCloseTo((1 + 0.5 + 1) / 3, 12);
    expect(report.scores.NumericDiff!.value).toBeGreaterThan(0.9);
  });

  it("goes on where a killed evaluation stopped, and reads the same report from its file", async () => {
    const model = pricedModel("m", right);
    const settings = { graph: model, dataset, scorers: [number()], file: scratch.file("e.jsonl") };
    const whole = await evaluate(settings);
    const lines = readFileSync(settings.file, "utf8").split("\n");
    writeFileSync(settings.file, `${lines.slice(0, 3).join("\n")}\n${lines[3]!.slice(0, 40)}`);
    const again = await evaluate(settings);
    expect(model.model.calls).toBe(4);
    expect(again.accuracy).toEqual(whole.accuracy);
    expect(again.items.map(({ id }) => id)).toEqual(whole.items.map(({ id }) => id));
    expect(loadReport(settings.file)).toMatchObject({ accuracy: whole.accuracy, totalCostUsd: again.totalCostUsd });
    await expect(evaluate({ ...settings, scorers: [exact()] })).rejects.toThrow("an evaluation with other scorers");
    appendFileSync(scratch.file("x.jsonl"), "{}\n");
    await expect(evaluate({ ...settings, file: scratch.file("x.jsonl") })).rejects.toThrow("it is no evaluation");
  });

  it("never spends more than its budget, and leaves out what it could not pay for", async () => {
    const model = pricedModel("m", (text) => text, { maxOutputTokens: 100 });
    const report = await evaluate({
      graph: model,
      dataset: many(50),
      scorers: [number()],
      budgetUsd: 4e-4,
      concurrency: 8,
    });
    expect(report.stopped).toBe("budget");
    expect(report.totalCostUsd!).toBeLessThanOrEqual(4e-4);
    expect(report.items.length).toBeGreaterThan(5);
    expect(report.items.length).toBeLessThan(50);
    expect(report.failed).toBe(0);
    expect(report.accuracy.value).toBe(1);
  });

  it("holds the budget over a cascade, whose cut-short answers do not count", async () => {
    const [a, b] = [
      pricedModel("a", () => "no", { maxOutputTokens: 50 }),
      pricedModel("b", (text) => text, { maxOutputTokens: 50 }),
    ];
    const verify = agreement({ normalize: normalizeNumber });
    const graph = createCascade({ models: { a, b }, verify });
    const report = await evaluate({ graph, dataset: many(30), scorers: [number()], budgetUsd: 5e-4 });
    expect(report.stopped).toBe("budget");
    expect(report.items.map(({ calls }) => calls.map(({ path }) => path))).toEqual(report.items.map(() => ["a", "b"]));
    expect((a.model.calls + b.model.calls) * 15e-6).toBeLessThanOrEqual(5e-4);
    expect(report.accuracy.value).toBe(1);
  });

  it("refuses a model without a price under a budget", async () => {
    const graph = pricedModel("m", right, { price: null });
    await expect(evaluate({ graph, dataset, scorers: [number()], budgetUsd: 1 })).rejects.toThrow("price is unknown");
  });

  it("ends at an abort, with what is done", async () => {
    const stop = new AbortController();
    const graph = pricedModel("m", right);
    const onProgress = () => stop.abort();
    const settings = { graph, dataset, scorers: [number()], concurrency: 1, signal: stop.signal };
    const report = await evaluate({ ...settings, onProgress });
    expect(report).toMatchObject({ stopped: "aborted", items: [{ right: true }] });
    await expect(evaluate(settings)).rejects.toThrow("abort");
  });

  it("widens intervals where questions of one conversation are alike", async () => {
    const graph = pricedModel("m", (text) => (Number(text) % 10 < 5 ? text : "wrong"));
    const alike = many(100).map((example, id) => ({ ...example, tags: { conversation: `${id % 10}` } }));
    const widthOf = ({ accuracy: { low, high } }: { accuracy: { low: number; high: number } }) => high - low;
    const settings = { graph, dataset: alike, scorers: [number()] };
    const [alone, clustered] = [await evaluate(settings), await evaluate({ ...settings, cluster: "conversation" })];
    expect(alone.accuracy.value).toBe(clustered.accuracy.value);
    expect(widthOf(clustered)).toBeGreaterThan(2 * widthOf(alone));
  });

  it("leaves an answer unscored whose scorer threw, and throws if that is every answer", async () => {
    const graph = pricedModel("m", right);
    const picky = ({ input }: { input?: unknown }) => {
      if (input === "3 * 6") throw new Error("no idea");
      return true;
    };
    const report = await evaluate({ graph, dataset, scorers: [picky] });
    expect(report).toMatchObject({ unscored: 1, accuracy: { value: 1 } });
    expect(report.items[1]).toMatchObject({ right: null, notes: { picky: { error: "no idea" } } });
    const never = () => Promise.reject(new Error("no judge"));
    await expect(evaluate({ graph, dataset, scorers: [never] })).rejects.toThrow("no answer got a score: no judge");
  });

  it("leaves an answer unscored whose example has nothing to compare it with, instead of calling it wrong, or right", async () => {
    const graph = pricedModel("m", right);
    const some = dataset.map((example, place) => (place === 0 ? { input: example.input } : example));
    for (const scorer of [exact(), number(), number({ tolerance: 0.1 }), choice(), json(), contains(), regex()]) {
      const report = await evaluate({ graph, dataset: some, scorers: [scorer] });
      expect(report).toMatchObject({ unscored: 1, items: [{ right: null }, {}, {}] });
      expect(report.items[0]!.notes![scorer.name]).toMatchObject({
        error: expect.stringContaining("no expected value"),
      });
    }
    const report = await evaluate({ graph, dataset: some, scorers: [regex(/\d/)] });
    expect(report).toMatchObject({ unscored: 0, accuracy: { value: 1 } });
  });

  it("names the fields of an example without input", async () => {
    const foreign = [{ question: "2 + 2", answer: 4 }] as never;
    const run = evaluate({ graph: pricedModel("m", right), dataset: foreign, scorers: [number()] });
    await expect(run).rejects.toThrow("give a question, or a list of messages; the example has question, answer");
    const texts = evaluate({ graph: pricedModel("m", right), dataset: ["2 + 2"] as never, scorers: [number()] });
    await expect(texts).rejects.toThrow(/give a question, or a list of messages$/);
  });

  it("refuses a scorer that was not called, before anything is paid", async () => {
    const graph = pricedModel("m", right);
    const run = evaluate({ graph, dataset, scorers: [number(), exact as never] });
    await expect(run).rejects.toThrow("evaluate.scorers[1] is a function; it is a strategy factory: call it, exact()");
    expect(graph.model).toMatchObject({ calls: 0 });
  });

  it("reads JSONL and CSV, with quoted fields and tags", async () => {
    writeFileSync(
      scratch.file("d.csv"),
      '\uFEFFinput,expected,topic\r\n"2 + 2",4,"a ""b"", c"\r\n"line\nbreak",x,\r\n',
    );
    writeFileSync(
      scratch.file("d.jsonl"),
      '{"input":"2 + 2","expected":4}\n\n{"input":[{"role":"user","content":"Hi"}]}\n',
    );
    const graph = pricedModel("m", (text) => text);
    const csv = await evaluate({ graph, dataset: scratch.file("d.csv"), scorers: [exact()] });
    expect(csv.items.map(({ input, tags }) => [input, tags])).toEqual([
      ["2 + 2", { topic: 'a "b", c' }],
      ["line\nbreak", {}],
    ]);
    const jsonl = await evaluate({ graph, dataset: scratch.file("d.jsonl"), scorers: [exact()] });
    expect(jsonl.items.map(({ output }) => output)).toEqual(["2 + 2", "Hi"]);
  });

  it.each([
    [{ dataset: [] }, "it has no example"],
    [{ dataset: [{ input: "" }] }, "evaluate.dataset[0].input"],
    [
      {
        dataset: [
          { id: "1", input: "a" },
          { id: "1", input: "b" },
        ],
      },
      "two examples have it",
    ],
    [{ dataset: "missing.jsonl" }, "there is no such file"],
    [{ scorers: [] }, "evaluate.scorers"],
    [{ concurrency: 0 }, "evaluate.concurrency"],
    [{ budgetUsd: Number.NaN }, "evaluate.budgetUsd"],
    [{ scorer: 1 }, "evaluate.scorer"],
  ])("refuses %j", async (options, message) => {
    const settings = { graph: pricedModel("m", right), dataset, scorers: [number()], ...options };
    await expect(evaluate(settings as never)).rejects.toThrow(message);
  });
});
