/** What the upstream answers; a run that streams gets it word by word. */
export const answer =
  "A scripted answer of the loopback upstream which is long enough to be cut into pieces when a run streams and short enough to be read.";

/** What it answers under `/long`: about 500 tokens. */
export const longAnswer = Array.from({ length: 500 }, (_, index) => `word${index} `).join("");
/** What it answers under `/draft`, and under `/revised` before it is asked again. */
export const draft = "A draft that no check passes.";

export const question = "Why is the sky blue, and why is it red in the evening?";
export const model = "gpt-4o-mini"; // an id with a list price: ours computes what each call cost
export const apiKey = "none";

/** The upstream's first and only message. */
export interface UpstreamReady {
  readonly port: number;
}

export const suites = ["invoke", "stream", "long", "conversations", "wide", "beside"] as const;
export type Suite = (typeof suites)[number];

/** The contender that does nothing but call the model. */
export const modelAlone = "ChatOpenAI";
/** How the name of a twin ends: the same code as another contender, so that its ratio is the noise. */
export const again = "by hand, again";

/** How much is measured. */
export interface Effort {
  /** Rounds at most. */
  readonly rounds: number;
  /** Rounds at least, whatever they take. */
  readonly least: number;
  /** Runs of one contender in one round. */
  readonly runs: number;
  /** Runs of every contender before the first round. */
  readonly warmUp: number;
  /** CPU of the process after which no further round is begun; a busy machine gets as many as a quiet one. */
  readonly cpuSeconds: number;
}

/** What a worker process is asked to measure. */
export interface Task extends Effort {
  readonly port: number;
  readonly suite: Suite;
  /** Measures this contender alone. */
  readonly only?: string;
}

/** A figure that is no CPU, of a graph by hand and of ours. */
export interface Fact {
  readonly name: string;
  readonly unit: string;
  readonly byHand: number;
  readonly ours: number;
}

/** Medians over the rounds of one process, ms per run. */
export interface Measured {
  readonly name: string;
  /** The contender this one is compared with. */
  readonly against?: string;
  readonly rounds: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}
