import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callRows, type LedgerRows, modelRows } from "../../src/ledger/ledger-rows.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { textTable } from "../../src/ledger/text-table.js";
import { totalCost, totalTokens } from "../../src/ledger/totals.js";
import { callOf } from "./calls.js";

const tokens = fc.nat(200_000);
const call = fc
  .record({
    model: fc.constantFrom("gpt-4o", "gpt-4o-mini", "a model", "7", "meta-llama/llama-3.3-70b-instruct"),
    path: fc.constantFrom("small", "large", "research/large", "verifier"),
    role: fc.constantFrom("answer", "judge", "router", "aggregator"),
    status: fc.constantFrom("ok", "error", "cancelled", "timeout", "cached"),
    latencyMs: fc.nat(100_000),
    costUsd: fc.option(fc.double({ min: 1e-9, max: 20, noNaN: true }), { freq: 30 }),
    usage: fc.option(fc.record({ inputTokens: tokens, outputTokens: tokens }), { nil: undefined }),
    isEstimated: fc.boolean(),
  } as const)
  .map(({ isEstimated, ...fields }) =>
    callOf({ ...fields, ...(isEstimated && { estimated: true }) } as Partial<ModelCall>),
  );
const ledgers = fc
  .array(call, { maxLength: 30 })
  .map((calls) =>
    calls.map((each, index) => ({ ...each, id: String(index), ...(each.usage === undefined && unbilled) })),
  );
const unbilled = { costUsd: 0 };

/** Reads a cell back. */
const numberIn = (cell: string) => (cell === "–" ? 0 : cell === "unknown" ? null : Number(cell.replace("~", "")));
const cellsOf = ({ columns }: LedgerRows, cells: readonly string[], title: string) =>
  cells.filter((_, index) => columns[index]!.title === title);

/** Compares a line of a table with the calls it is about. */
function expectEqual(table: LedgerRows, cells: readonly string[], calls: readonly ModelCall[]): void {
  const read = (title: string) => numberIn(cellsOf(table, cells, title)[0]!);
  const sums = totalTokens(calls);
  expect([read("tokens in"), numberIn(cells[table.columns.findIndex(({ title }) => /out$/.test(title))]!)]).toEqual([
    sums.inputTokens,
    sums.outputTokens,
  ]);
  const costUsd = totalCost(calls);
  if (costUsd === null) expect(read("cost USD")).toBeNull();
  else expect(Math.abs(read("cost USD")! - costUsd)).toBeLessThanOrEqual(Math.max(5.1e-7, 0)); // six decimals
}

describe("modelRows and callRows › over random ledgers", () => {
  it("have every number as the ledger has it", () => {
    fc.assert(
      fc.property(ledgers, (calls) => {
        const byModel = modelRows(calls, "test");
        for (const { cells } of byModel.rows) {
          const own = calls.filter(({ model }) => model === cells[0]);
          expectEqual(byModel, cells, own);
          const sorted = own.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
          const mean = sorted.reduce((sum, each) => sum + each, 0) / own.length;
          const at = (share: number) => sorted.findIndex((_, index) => (index + 1) / own.length >= share - 1e-12);
          expect(cells.slice(6, 9)).toEqual([mean, sorted[at(0.5)], sorted[at(0.95)]].map((ms) => ms!.toFixed(0)));
          expect(Number(cells[1])).toBe(own.length);
          expect(Number(cells[3])).toBe(own.filter(({ status }) => status === "error" || status === "timeout").length);
        }
        expect(byModel.rows.map(({ cells }) => cells[0])).toEqual([...new Set(calls.map(({ model }) => model))]);
        expectEqual(byModel, byModel.total, calls);
        const byCall = callRows(calls, "test");
        expect(byCall.rows).toHaveLength(calls.length);
        for (const [index, { cells }] of byCall.rows.entries()) {
          expectEqual(byCall, cells, [calls[index]!]);
          expect(cells.at(-1)).toBe(String(calls[index]!.latencyMs));
        }
        expectEqual(byCall, byCall.total, calls);
      }),
    );
  });

  it("have shares that are those of the calls and of the cost", () => {
    fc.assert(
      fc.property(ledgers, (calls) => {
        const table = modelRows(calls, "test");
        const total = totalCost(calls);
        for (const { cells } of table.rows) {
          const own = calls.filter(({ model }) => model === cells[0]);
          const [ofCalls, ofCost] = cellsOf(table, cells, "%");
          expectShare(ofCalls!, own.length, calls.length);
          if (total === null || cellsOf(table, cells, "cost USD")[0] === "–") expect(ofCost).toBe("–");
          else expectShare(ofCost!, totalCost(own)!, total);
        }
      }),
    );
  });

  it("are written with all of their cells, no line wider than asked but for names", () => {
    fc.assert(
      fc.property(ledgers, fc.constantFrom(...["small", "large", "verifier"], undefined), (calls, modelUsed) => {
        const table = modelRows({ calls, modelUsed }, "test");
        const lines = textTable(table, 100).split("\n");
        const words = (cells: readonly string[]) => cells.join(" ").split(/\s+/).filter(Boolean).join(" ");
        const text = words(lines);
        for (const { cells } of table.rows) expect(text).toContain(words(cells));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
      }),
    );
  });
});

function expectShare(cell: string, part: number, sum: number): void {
  const percent = (100 * part) / sum;
  if (sum === 0) expect(cell).toBe("–");
  else if (cell === "<1") expect(percent > 0 && percent < 0.5).toBe(true);
  else if (cell === ">99") expect(percent < 100 && percent >= 99.5).toBe(true);
  else expect(Math.abs(Number(cell) - percent)).toBeLessThanOrEqual(0.5 + 1e-9);
}

describe("modelRows and callRows › the answer", () => {
  const calls = [
    callOf({ id: "1", path: "small" }),
    callOf({ id: "2", path: "large", model: "gpt-4o", status: "error" }),
    callOf({ id: "3", path: "large", model: "gpt-4o" }),
    callOf({ id: "4", path: "large", model: "gpt-4o-mini", role: "judge" }),
  ];
  const marked = ({ rows }: LedgerRows) =>
    rows.flatMap(({ answered, cells }, index) => (answered ? [[index, cells[0]]] : []));

  it("is marked at the last call of its path that answered, in a state", () => {
    expect(marked(callRows({ calls, modelUsed: "large" }, "test"))).toEqual([[2, "large"]]);
    expect(marked(modelRows({ calls, modelUsed: "large" }, "test"))).toEqual([[1, "gpt-4o"]]);
  });

  it("is not guessed from calls alone, of many runs or of one that failed", () => {
    expect(marked(callRows(calls, "test"))).toEqual([]);
    expect(marked(callRows({ calls }, "test"))).toEqual([]);
  });
});
