import type { Stream } from "./terminal.js";

/** Progress of a run. */
export interface ProgressState {
  readonly done: number;
  readonly failed: number;
  /** As text: `$0.0123`. */
  readonly cost: string;
}

/** A display of progress: one line that rewrites itself in a terminal, elsewhere a plain line every ten seconds. */
export interface Progress {
  show(state: ProgressState): void;
  /** Clears the line, for other output on the same terminal. */
  hide(): void;
  end(): void;
}

const clear = "\r\u001b[K";
const redrawMs = 100;
/** Milliseconds between plain lines: a log shows that a run is alive, however long its prompts take. */
const logMs = 10_000;
const widest = 24;

export function createProgress(total: number, stream: Stream, cost: string): Progress {
  const first: ProgressState = { done: 0, failed: 0, cost };
  return stream.isTTY === true && process.env.TERM !== "dumb"
    ? rewrittenLine(total, stream, first)
    : plainLines(total, stream, first);
}

function rewrittenLine(total: number, stream: Stream, first: ProgressState): Progress {
  const startedAt = Date.now();
  let drawnAt = Number.NEGATIVE_INFINITY;

  function show(state: ProgressState): void {
    if (Date.now() - drawnAt < redrawMs && state.done < total) return;
    drawnAt = Date.now();
    stream.write(clear + progressLine(state, total, Date.now() - startedAt, (stream.columns || 80) - 1));
  }

  function hide(): void {
    stream.write(clear);
    drawnAt = Number.NEGATIVE_INFINITY;
  }

  show(first);
  return { show, hide, end: hide };
}

/** Writes by the clock alone, also while the first prompt is still being answered. */
function plainLines(total: number, stream: Stream, first: ProgressState): Progress {
  const startedAt = Date.now();
  let state = first;
  const timer = setInterval(() => {
    if (state.done === total) return; // the last line is the summary
    stream.write(`${words(state, total, Date.now() - startedAt).join(", ")}\n`);
  }, logMs);
  timer.unref();
  return {
    show: (newest) => {
      state = newest;
    },
    hide: () => {},
    end: () => clearInterval(timer),
  };
}

/** Writes one line of at most `columns` characters; drops the bar first if it does not fit. */
export function progressLine(state: ProgressState, total: number, elapsedMs: number, columns: number): string {
  const text = words(state, total, elapsedMs).join("  ");
  const bar = Math.min(widest, columns - text.length - 4);
  if (bar < 5) return text.slice(0, columns);
  const filled = Math.floor((state.done / total) * bar);
  return `[${"#".repeat(filled)}${"-".repeat(bar - filled)}]  ${text}`;
}

function words({ done, failed, cost }: ProgressState, total: number, elapsedMs: number): string[] {
  const left = done === 0 ? undefined : (elapsedMs / done) * (total - done);
  return [
    `${done}/${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    cost,
    ...(left === undefined || done === total ? [] : [`${duration(left)} left`]),
  ];
}

/** Formats as `0.4 s`, `45 s`, `3 min 20 s` or `2 h 05 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const pad = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${pad(Math.floor((seconds % 3_600) / 60))} min`;
}
