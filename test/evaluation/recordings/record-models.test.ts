import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluate, number, type Recording, recordModels, replay } from "../../../src/evaluation/index.js";
import { pricedModel } from "../runs/support/priced-model.js";
import { useScratch } from "./support/scratch.js";

const scratch = useScratch();
const dataset = Array.from({ length: 12 }, (_, id) => ({
  input: `${id}`,
  expected: id,
  tags: { parity: `${id % 2}` },
}));
const echo = (name: string) => pricedModel(name, (text) => text, { maxOutputTokens: 20 });

describe("recordModels", () => {
  it("writes one line an example with the answers of all models, which is a dataset and replays", async () => {
    const file = scratch.file("r.jsonl");
    const [a, b] = [
      echo("a"),
      pricedModel("b", () => Promise.reject(Object.assign(new Error("down"), { status: 503 }))),
    ];
    const done = await recordModels({ models: { a, b }, dataset, file });
    expect(done).toMatchObject({ examples: 12, answers: 24, failed: 12, costUsd: expect.closeTo(12 * 15e-6, 12) });
    const [line] = scratch.lines("r.jsonl") as unknown as Recording[];
    expect(line).toMatchObject({ input: "0", expected: 0, tags: { parity: "0" } });
    expect(line!.answers.a).toMatchObject({ text: "0", usage: { inputTokens: 10, outputTokens: 5 }, costUsd: 15e-6 });
    expect(line!.answers.b).toMatchObject({ text: "", error: expect.stringContaining("down") });
    const graph = { model: replay(file, { model: "a" }), price: { input: 1, output: 1 } };
    const report = await evaluate({ graph, dataset: file, scorers: [number()] });
    expect(report).toMatchObject({ accuracy: { value: 1 }, costUsd: { value: expect.closeTo(15e-6, 12) } });
  });

  it("asks nothing twice: goes on after a kill, and asks a new model alone", async () => {
    const file = scratch.file("r.jsonl");
    const [a, b] = [echo("a"), echo("b")];
    await recordModels({ models: { a }, dataset, file });
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, `${lines.slice(0, 10).join("\n")}\n${lines[10]!.slice(0, 30)}`);
    await recordModels({ models: { a }, dataset, file });
    expect(a.model.calls).toBe(12 + 2);
    const both = await recordModels({ models: { a, b }, dataset, file });
    expect(both).toMatchObject({ examples: 12, answers: 12 });
    expect([a.model.calls, b.model.calls]).toEqual([14, 12]);
    expect((await replay(file, { model: "b" }).invoke("7")).text).toBe("7");
  });

  it("never spends more than its budget, and goes on with the next", async () => {
    const file = scratch.file("r.jsonl");
    const a = echo("a");
    const first = await recordModels({ models: { a }, dataset, file, budgetUsd: 2e-4 });
    expect(first.stopped).toBe("budget");
    expect(first.costUsd!).toBeLessThanOrEqual(2e-4);
    const second = await recordModels({ models: { a }, dataset, file, budgetUsd: 1 });
    expect(second).toMatchObject({ examples: 12, answers: 12 - first.answers });
  });
});
