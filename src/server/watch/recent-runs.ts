import type { Step } from "../../drawing/step.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { maskKeys } from "../../secrets/redact.js";
import type { Decision } from "../../state/decision.js";
import { boundedCall, boundedDecision, cut, sizeOf } from "./bounded-lines.js";
import { Spend } from "./spend.js";
import { noCalls, type Sums, withCall } from "./sums.js";
import type { Outcome, RunObserver, WatchedRun } from "./watch.js";

/** A call or a decision of a run, in the order they happened. */
export type Line =
  | { readonly call: ModelCall; readonly decision?: undefined }
  | { readonly decision: Decision; readonly call?: undefined };

/** A step, as numbers: what it found is the beginning of the lists of its run. */
export interface KeptStep {
  readonly node: string;
  readonly visited: number;
  readonly calls: number;
  readonly decisions: number;
}

/** What is kept of a run, within `bytesOfRun`. */
export interface KeptRun extends WatchedRun {
  status: "running" | "ok" | "error" | "cancelled";
  durationMs?: number;
  answer: string;
  /** What the caller was sent in the place of an answer. */
  failure?: { readonly status: number; readonly code: string; readonly message: string };
  /** Path of the call that answered. */
  modelUsed?: string;
  /** Score of a verifier, or share of votes: 0..1. */
  confidence?: number;
  readonly lines: Line[];
  /** Steps of a run of the page; each with how many nodes, calls and decisions there were by its end. */
  steps: KeptStep[];
  /** Nodes in order of their end, of a run of the page. */
  visited: readonly string[];
  /** Of all calls, the dropped ones too. */
  sums: Sums;
  /** Calls and decisions that no longer fit. */
  dropped: number;
  /** Grows with each change of any run. */
  version: number;
}

export interface RecentRunsOptions {
  /** Most runs that are kept. */
  readonly most: number;
  /** False keeps neither questions nor answers. */
  readonly contents: boolean;
}

/** Most steps of one run. */
const mostSteps = 200;
/** Bytes of the calls and decisions of one run. */
const bytesOfRun = 128 * 2 ** 10;

/** The latest runs, newest last, and what they cost today. */
export class RecentRuns implements RunObserver {
  readonly spend = new Spend();
  /** Version of the latest change. */
  version = 0;
  readonly #runs = new Map<string, KeptRun>();
  readonly #sizes = new WeakMap<KeptRun, number>();
  readonly #waiting = new Set<() => void>();

  constructor(private readonly options: RecentRunsOptions) {}

  /** Runs in order of their begin. */
  get all(): readonly KeptRun[] {
    return [...this.#runs.values()];
  }

  get(id: string): KeptRun | undefined {
    return this.#runs.get(id);
  }

  /** Calls back once at the next change. @returns a function that waits no longer */
  onChange(changed: () => void): () => void {
    this.#waiting.add(changed);
    return () => this.#waiting.delete(changed);
  }

  began(run: WatchedRun): void {
    const question = this.#text(run.question, 2_000);
    const kept: KeptRun = {
      ...{ ...run, question, status: "running", answer: "", lines: [], steps: [], visited: [] },
      ...{ sums: noCalls, dropped: 0, version: 0 },
    };
    this.#runs.set(run.id, kept);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > this.options.most) this.#runs.delete(oldest!);
    this.#changed(kept);
  }

  called({ id, caller }: WatchedRun, call: Readonly<ModelCall>): void {
    this.spend.add(caller, call);
    this.#change(id, (kept) => {
      kept.sums = withCall(kept.sums, call);
      this.#keep(kept, { call: boundedCall(call) });
    });
  }

  decided({ id }: WatchedRun, decision: Decision): void {
    this.#change(id, (kept) => this.#keep(kept, { decision: boundedDecision(decision) }));
  }

  /** Notes that a node of a run of the page ended. */
  stepped({ id }: Pick<WatchedRun, "id">, { node, visited, calls, decisions }: Step): void {
    this.#change(id, (kept) => {
      if (kept.steps.length === mostSteps) return;
      const [calledBy, decidedBy] = [calls.length, decisions.length];
      kept.steps.push({ node, visited: visited.length, calls: calledBy, decisions: decidedBy });
      kept.visited = visited;
    });
  }

  ended({ id }: WatchedRun, outcome: Outcome, durationMs: number): void {
    this.#change(id, (kept) => {
      kept.durationMs = Math.round(durationMs);
      if ("answer" in outcome) {
        kept.status = "ok";
        kept.answer = this.#text(outcome.answer, 8_000);
        if (outcome.modelUsed !== undefined) kept.modelUsed = outcome.modelUsed;
        if (outcome.confidence != null) kept.confidence = outcome.confidence;
        return;
      }
      const { status, body } = outcome.failure;
      kept.status = status === 408 ? "cancelled" : "error";
      const { code, type, message } = body.error;
      kept.failure = { status, code: code ?? type, message: cut(message, 2_000) };
    });
  }

  #text(text: string, most: number): string {
    return this.options.contents ? cut(maskKeys(text.slice(0, 2 * most)), most) : ""; // masked before it is cut: half a key is not known
  }

  #keep(kept: KeptRun, line: Line): void {
    const size = (this.#sizes.get(kept) ?? 0) + sizeOf(line);
    if (size > bytesOfRun) {
      kept.dropped++;
      return;
    }
    this.#sizes.set(kept, size);
    kept.lines.push(line);
  }

  #change(id: string, change: (kept: KeptRun) => void): void {
    const kept = this.#runs.get(id);
    if (kept !== undefined) change(kept);
    this.#changed(kept);
  }

  #changed(kept?: KeptRun): void {
    this.version++;
    if (kept !== undefined) kept.version = this.version;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const changed of waiting) changed();
  }
}
