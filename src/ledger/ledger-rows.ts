import { costText, emptyFigure, shareText, tokensText } from "./figures.js";
import { givenCalls } from "./given-calls.js";
import type { ModelCall } from "./model-call.js";
import { byModel, checkCalls, groupsOf, type ModelSummary } from "./totals.js";

/** Calls, or the final state of a run, which also names the call that gave its answer. */
export type LedgerSource =
  | readonly ModelCall[]
  | { readonly calls: readonly ModelCall[]; readonly modelUsed?: string | undefined };

/** Which columns to leave out. */
export interface LedgerRowsOptions {
  /** Columns of milliseconds. Without them, tables of equal runs are equal. @default true */
  readonly latency?: boolean;
}

/** One line of a table. */
export interface LedgerRow {
  /** One text a column. */
  readonly cells: readonly string[];
  /** True if the run returned the answer of this call, or of a call of this model. */
  readonly answered: boolean;
}

/** A table of a ledger, as data for any format. */
export interface LedgerRows {
  readonly columns: readonly { readonly title: string; readonly align: "left" | "right" }[];
  readonly rows: readonly LedgerRow[];
  readonly total: readonly string[];
}

/** Calls that a line is about. */
interface Line {
  readonly name: string;
  readonly calls: readonly ModelCall[];
  readonly summary: ModelSummary;
}

/** Column of a table, with its cell in a line. */
interface Column {
  readonly title: string;
  readonly align?: "left";
  readonly isLatency?: true;
  cell(line: Line, total: Line): string;
  /** Cell of the last line. @default that of a line of all calls */
  readonly sum?: "";
}

const tokens = (title: string, kind: "inputTokens" | "outputTokens"): Column => ({
  title,
  cell: ({ calls }) => tokensText(calls, kind),
});
const latency = (title: string, field: "meanLatencyMs" | "p50LatencyMs" | "p95LatencyMs"): Column => ({
  title,
  isLatency: true,
  cell: ({ summary }) => summary[field].toFixed(0),
});
const cost: Column = { title: "cost USD", cell: ({ calls }) => costText(calls) };
const costShare: Column = {
  title: "%",
  cell: ({ summary, calls }, total) =>
    costText(calls) === emptyFigure ? emptyFigure : shareText(summary.costUsd, total.summary.costUsd),
};

const modelColumns: readonly Column[] = [
  { title: "model", align: "left", cell: ({ name }) => name },
  { title: "calls", cell: ({ calls }) => String(calls.length) },
  { title: "%", cell: ({ calls }, total) => shareText(calls.length, total.calls.length) },
  { title: "failed", cell: ({ summary }) => String(summary.failed) },
  tokens("tokens in", "inputTokens"),
  tokens("out", "outputTokens"),
  latency("mean ms", "meanLatencyMs"),
  latency("p50", "p50LatencyMs"),
  latency("p95", "p95LatencyMs"),
  cost,
  costShare,
];

const about = (title: string, read: (call: ModelCall) => string): Column => ({
  title,
  align: "left",
  cell: ({ calls: [call] }) => read(call!),
  sum: "",
});

const callColumns: readonly Column[] = [
  { title: "call", align: "left", cell: ({ name }) => name },
  about("model", ({ model }) => model),
  about("role", ({ role }) => role),
  about("status", ({ status, error }) => (error === undefined ? status : `${status}: ${error.class}`)),
  tokens("tokens in", "inputTokens"),
  tokens("tokens out", "outputTokens"),
  cost,
  costShare,
  { ...latency("ms", "meanLatencyMs"), sum: "" },
];

const waits: Column = {
  title: "waited ms",
  isLatency: true,
  cell: ({ calls: [call] }) => waited(call!).toFixed(0),
  sum: "",
};

/** Counts the ms that a call waited in a queue and before a retry. */
function waited({ retryWaitMs = 0, queuedMs = 0 }: ModelCall): number {
  return retryWaitMs + queuedMs;
}

/**
 * Returns the table of a ledger by model, as `formatReport` writes it.
 *
 * @throws {InvalidOptionError} when there is no list of calls
 */
export function modelRows(ledger: LedgerSource, owner: string, options: LedgerRowsOptions = {}): LedgerRows {
  const calls = callsOf(ledger, owner);
  const lines = [...groupsOf(calls)].map(([name, group]) => lineOf(name, group));
  return table(modelColumns, lines, calls, answeringCall(ledger), options);
}

/**
 * Returns the table of a ledger by call, as `ledgerTable` writes it.
 *
 * @throws {InvalidOptionError} when there is no list of calls
 */
export function callRows(ledger: LedgerSource, owner: string, options: LedgerRowsOptions = {}): LedgerRows {
  const calls = callsOf(ledger, owner);
  const lines = calls.map((call) => lineOf(call.path, [call]));
  const columns = calls.some((call) => waited(call) > 0) ? [...callColumns, waits] : callColumns;
  return table(columns, lines, calls, answeringCall(ledger), options);
}

function callsOf(ledger: LedgerSource, owner: string): readonly ModelCall[] {
  const calls = isList(ledger) ? ledger : Object(ledger).calls;
  checkCalls(calls, owner);
  return givenCalls(calls, owner);
}

const isList = (ledger: LedgerSource): ledger is readonly ModelCall[] => Array.isArray(ledger);

/** Returns the call whose answer the run returned, if the ledger is that of a state. */
function answeringCall(ledger: LedgerSource): ModelCall | undefined {
  if (isList(ledger) || ledger.modelUsed === undefined) return undefined;
  const answers = ledger.calls.filter(
    ({ status, role }) => (status === "ok" || status === "cached") && role !== "judge",
  );
  return answers.findLast(({ path }) => path === ledger.modelUsed);
}

function lineOf(name: string, calls: readonly ModelCall[]): Line {
  const [summary] = Object.values(byModel(calls.map((call) => ({ ...call, model: "all" }))));
  return { name, calls, summary: summary ?? nothing };
}

const nothing: ModelSummary = {
  ...{ calls: 0, failed: 0, inputTokens: 0, outputTokens: 0, meanLatencyMs: 0, p50LatencyMs: 0, p95LatencyMs: 0 },
  costUsd: 0,
};

function table(
  all: readonly Column[],
  lines: readonly Line[],
  calls: readonly ModelCall[],
  answering: ModelCall | undefined,
  { latency: isTimed = true }: LedgerRowsOptions,
): LedgerRows {
  const total = lineOf("total", calls);
  const columns = all.filter(({ isLatency }) => isTimed || !isLatency);
  return {
    columns: columns.map(({ title, align }) => ({ title, align: align ?? "right" })),
    rows: lines.map((line) => ({
      cells: columns.map(({ cell }) => cell(line, total)),
      answered: answering !== undefined && line.calls.includes(answering),
    })),
    total: columns.map(({ cell, sum }) => sum ?? cell(total, total)),
  };
}
