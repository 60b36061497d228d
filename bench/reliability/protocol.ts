/** What the upstream received of one question. */
export interface Received {
  readonly requests: number;
  /** Complete good answers that it sent: more than one was paid for twice. */
  readonly good: number;
  /** Whether one request was the caller's mistake, which ends a run. */
  readonly mistake: boolean;
}

export interface Report {
  readonly byQuestion: Readonly<Record<number, Received>>;
  readonly requests: number;
  readonly faulty: number;
  readonly aborted: number;
}

/** Urls of the three formats. */
export interface Urls {
  readonly openai: string;
  readonly google: string;
  readonly anthropic: string;
}

/** What a caller got for one question. */
export interface Got {
  readonly question: number;
  readonly verdict: Verdict;
  /** Lines of the ledger; unset where there is none. */
  readonly lines?: number;
  /** Lines of time-outs among them. */
  readonly timeouts?: number;
}

export type Verdict = "right" | "failed" | "empty" | "cut" | "glued" | "wrong" | "never ended";

export interface Outcome {
  readonly got: readonly Got[];
  readonly seconds: number;
  readonly rejections: number;
  readonly warnings: number;
  /** After less before: open handles (sockets, timers) and megabytes of heap. */
  readonly handles: number;
  readonly heapMb: number;
}

/** The only right answer of a model to a question. */
export function answerOf(question: number, model: string): string {
  return `Answer ${question} from ${model}: alpha beta gamma delta epsilon. End of ${question}.`;
}

export const models = { openai: "gpt-x", google: "gemini-x", anthropic: "claude-x" } as const;

/** Judges what a caller saw. */
export function judge(text: string, question: number, names: readonly string[] = Object.values(models)): Verdict {
  if (names.some((model) => text === answerOf(question, model))) return "right";
  if (text.trim() === "") return "empty";
  if (text.split("Answer").length > 2) return "glued";
  return names.some((model) => answerOf(question, model).startsWith(text)) ? "cut" : "wrong";
}
