import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export interface Job {
  readonly pattern: string;
  readonly thread: string;
  /** Connection string of Postgres, or a file of SQLite. */
  readonly store: string;
  readonly durability: "sync" | "async" | "exit";
}

export interface Began {
  readonly event: "began";
  /** Whether the thread has a checkpoint. */
  readonly exists: boolean;
  readonly next: readonly string[];
  readonly tasks: number;
  /** Numbers of the requests whose calls are in a checkpoint or in its pending writes. */
  readonly saved: readonly number[];
}

export interface Done {
  readonly event: "done";
  readonly text: string;
  /** Numbers of the requests whose calls are in the final ledger. */
  readonly requests: readonly number[];
  readonly lines: number;
}

type Event = Began | Done | { readonly event: "ready" } | { readonly event: "failed"; readonly error: string };

/** A process that runs graphs and may be killed. */
export class Worker {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #events: Event[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  /** @param program the bundled child */
  constructor(program: string, upstream: string) {
    this.#process = spawn(process.execPath, [program, upstream], { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#events.push(JSON.parse(line));
      this.#wake?.();
    });
    this.#process.stdin.on("error", () => {}); // it may be dead already
    this.#process.on("close", () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  start(job: Job): void {
    this.#process.stdin.write(`${JSON.stringify(job)}\n`);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Waits for an event; `undefined` once the process is dead. */
  async next<Name extends Event["event"]>(name: Name): Promise<Extract<Event, { event: Name }> | undefined> {
    for (;;) {
      const found = this.#events.shift();
      if (found?.event === "failed") throw new Error(`A run failed:\n${found.error}`);
      if (found?.event === name) return found as Extract<Event, { event: Name }>;
      if (found !== undefined) throw new Error(`Expected ${name}, not ${found.event}`);
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
