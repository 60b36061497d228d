/** Where progress is written: `process.stderr`, or its like. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows how far a long job is. */
export interface Progress {
  /** Names the step that begins. */
  begin(step: string): void;
  /** Counts one unit of work as done. */
  tick(): void;
  /** Ends the step. */
  end(): void;
}

/** Back to the start of the line, which is emptied. */
const CLEAR = "\r\u001b[K";
const REDRAW_MS = 50;
const BAR = 24;

/** One line that rewrites itself in a terminal, and disappears in the end; elsewhere one plain line a step. */
export function createProgress(total: number, stream: ProgressStream, now: () => number = Date.now): Progress {
  const rewrites = stream.isTTY === true && process.env.TERM !== "dumb";
  let step = "";
  let done = 0;
  let before = 0;
  let startedAt = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  function draw(): void {
    if (!rewrites || (now() - drawnAt < REDRAW_MS && done < total)) return;
    drawnAt = now();
    const filled = Math.floor((done / total) * BAR);
    const bar = `${"#".repeat(filled)}${"-".repeat(BAR - filled)}`;
    const percent = `${Math.floor((done / total) * 100)} %`.padStart(5);
    stream.write(`${CLEAR}${`[${bar}] ${percent}  ${step}`.slice(0, (stream.columns ?? 80) - 1)}`);
  }

  return {
    begin: (name) => {
      step = name;
      before = done;
      startedAt = now();
      draw();
    },
    tick: () => {
      done += 1;
      draw();
    },
    end: () => {
      const seconds = ((now() - startedAt) / 1000).toFixed(1);
      stream.write(rewrites ? CLEAR : `${step}: ${done - before} done in ${seconds} s\n`);
    },
  };
}
