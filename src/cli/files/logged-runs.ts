import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isObject } from "../../config/text/value-at.js";
import type { RunLedger } from "../../evaluation/index.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { UsageError } from "../exit-code.js";
import { jsonOrUndefined } from "./json-or-undefined.js";
import { namedError } from "./named-file.js";

/** A run of a file, without its texts. */
export interface LoggedRun extends RunLedger {
  readonly file: string;
  /** Model or graph that `multimodel run` called. */
  readonly target: string | undefined;
}

/**
 * Reads the runs of JSONL files: rows of `multimodel run`, of which the last one of a prompt counts, or states with their calls.
 *
 * @throws {UsageError} at a line without a ledger, except a last one that was cut off
 */
export async function readRuns(files: readonly string[]): Promise<LoggedRun[]> {
  const runs = new Map<string, LoggedRun>();
  for (const file of files) for (const [key, run] of await runsOf(file)) runs.set(`${file}\n${key}`, run);
  if (runs.size === 0) throw new UsageError(`${files.join(", ")} ${files.length === 1 ? "has" : "have"} no runs`);
  return [...runs.values()];
}

async function runsOf(file: string): Promise<Map<string, LoggedRun>> {
  const runs = new Map<string, LoggedRun>();
  let broken: number | undefined;
  let number = 0;
  const lines = createInterface({ input: file === "-" ? process.stdin : createReadStream(file), crlfDelay: Infinity });
  try {
    for await (const line of lines) {
      number++;
      if (line.trim() === "") continue;
      if (broken !== undefined) throw refusal(file, broken);
      const row = jsonOrUndefined(line);
      if (row === undefined) {
        broken = number; // an error unless it is the last line
        continue;
      }
      if (!isObject(row) || !isLedger(row.calls)) throw refusal(file, number);
      const key = typeof row.target === "string" && row.id !== undefined ? JSON.stringify(row.id) : `line ${number}`;
      runs.set(key, runOf(row as unknown as LoggedRun, file));
    }
  } catch (error) {
    throw namedError(file, error);
  }
  return runs;
}

const refusal = (file: string, line: number) =>
  new UsageError(`${file}:${line} is not a run; give rows of multimodel run, or states as JSON with their calls`);

function isLedger(calls: unknown): calls is readonly ModelCall[] {
  return (
    Array.isArray(calls) &&
    calls.every(
      (call: unknown) => isObject(call) && typeof call.startedAt === "number" && typeof call.latencyMs === "number",
    )
  );
}

function runOf({ calls, decisions, confidence, error, earlierCalls, target }: LoggedRun, file: string): LoggedRun {
  const lists = { ...(Array.isArray(decisions) && { decisions }), ...(isLedger(earlierCalls) && { earlierCalls }) };
  return { calls, ...lists, confidence, error, target, file };
}
