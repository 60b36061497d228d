import type { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Budget } from "../ledger/purse.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { Classified } from "../resilience/classify-error.js";
import type { GivenPrompt } from "../state/prompt.js";
import type { Steps } from "../state/steps.js";
import type { Mark } from "./mark.js";
import type { RunMeans } from "./means.js";
import type { Showing } from "./showing.js";

/** Context of a nested pattern, passed by the outer one through `configurable`. */
export interface Nesting {
  /** Path of the outer node. */
  readonly path: string;
  readonly turnId: string;
  /** What readers may see of the answer; `hidden` if nothing below may stream. */
  readonly showing: Showing;
  /** True in a run whose answer is compared only, and never returned. */
  readonly isShadow: boolean;
  /** True below an opaque graph, whose checkpoints keep only the answers of nested patterns. */
  readonly opaque: boolean;
  /** Checkpoint namespace of the outermost node, set on tokens so that they stream without `subgraphs: true`. */
  readonly namespace: unknown;
  /** Calls and decisions of the nested run, also if it fails or is cancelled. */
  readonly ledger: Ledger;
  /** Completed tool calls, kept even if the nested run fails. */
  readonly steps: Steps[number][];
  /** Paths of messages shown by the nested run and not discarded, by message id. */
  readonly shown: Map<string, string>;
  readonly sooner: Sooner | undefined;
  /** State of the models that could answer instead of the whole run. */
  readonly others: (() => Others | undefined) | undefined;
  /** Which answer of its pattern each run around gives, the outermost first; see `candidate` of `AskOptions`. */
  readonly candidates: readonly number[];
  /** Prompts of the patterns around for the models that answer here. */
  readonly system: readonly GivenPrompt[];
  /** What the run around may still spend. */
  readonly means: RunMeans | undefined;
  /** The mark of the run around, which the run within inherits. */
  readonly privacy: Mark | undefined;
  /** Milliseconds of the shortest wait skipped because of `sooner`. */
  skippedWaitMs?: number;
  readonly parent: Nesting | undefined;
}

/** Returns true if another model can answer before `waitMs`, the wait requested by the provider, is over. */
export type Sooner = (failure: Pick<Classified, "class" | "retryAfterMs">, waitMs: number) => boolean;

/**
 * State of the models that could take a call. A model whose breaker is open is called only if all others are `down`; it is refused while
 * another one is `ready`, and if it is the only model.
 */
export type Others = "ready" | "down";

export const nestingKey = "__multimodel";

/** Chat model whose call started the run. */
export interface Caller {
  readonly options: AnswerOptions;
  /** Every call of the run, also if it fails or is cancelled. */
  readonly ledger: Ledger;
  /** See `opaque` of `Nesting`. */
  readonly opaque?: boolean;
  /** Budget of the batch that the run belongs to. */
  readonly budget?: Budget | undefined;
}

/** Returns the role of a call in the ledger: every call within a shadow is one of the shadow. */
export function roleWithin(nesting: Nesting | undefined, role: ModelCall["role"]): ModelCall["role"] {
  return nesting?.isShadow === true ? "shadow" : role;
}

export const callerKey = "__multimodel_caller";

/** Returns the nested runs around a call, the innermost first. */
export function ancestors(nesting: Nesting | undefined): Nesting[] {
  const all: Nesting[] = [];
  for (let each = nesting; each !== undefined; each = each.parent) all.push(each);
  return all;
}
