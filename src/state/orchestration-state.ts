import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { type Overwrite, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import type { ErrorClass } from "../errors/index.js";
import { ModelCall } from "../ledger/model-call.js";
import { appended } from "./appended.js";
import { Decision } from "./decision.js";
import { checkWritten, isAnswer, withMessage } from "./edited.js";
import { Conversation } from "./message-input.js";
import { Verdict } from "./verdict.js";

/** Message inside an object, which LangGraph does not publish on the `messages` stream. */
const message = z.any() as unknown as z.ZodType<AIMessage>;
const messages = z.any() as unknown as z.ZodType<readonly BaseMessage[]>;

const discarded = z
  .literal(true)
  .optional()
  .describe('Reported as discarded in a run with `stream: "live"`; returned all the same, it gets a new id');

/** Answer that a verifier judges or an ensemble aggregates. */
export const Candidate = z.object({
  name: z.string(),
  message,
  modelUsed: z.string().optional().describe("Path of the call that gave it, where that is deeper than `name`"),
  steps: messages.optional().describe("Tool calls and results the model made on its way to the answer"),
  verdict: Verdict.optional(),
  discarded,
});
export type Candidate = z.infer<typeof Candidate>;

/** Verdict about the last candidate of a name, as an update: the list is not written again. */
export interface JudgedCandidate {
  readonly name: string;
  readonly verdict: Verdict;
  readonly message?: undefined;
}

/** Puts a verdict, and the answer that it may rewrite, into the last candidate of its name. */
function withVerdict(candidates: readonly Candidate[], judged: Candidate | JudgedCandidate): Candidate[] | undefined {
  if (judged.message !== undefined || judged.verdict == null) return undefined;
  const at = candidates.findLastIndex(({ name }) => name === judged.name);
  if (at < 0) return undefined;
  const { answer = candidates[at]!.message, ...verdict } = judged.verdict as JudgedCandidate["verdict"];
  return candidates.with(at, { ...candidates[at]!, message: answer, verdict });
}

/** Output of a stage or worker. */
export const StageOutput = z.object({
  stage: z.string(),
  message,
  modelUsed: z.string().optional().describe("Path of the call that gave it, where that is deeper than `stage`"),
  steps: messages
    .optional()
    .describe("Tool calls and results the model made on its way; the stage's next visit sees them"),
  item: z.string().optional().describe("What a worker of a map-reduce was given"),
  discarded,
});
export type StageOutput = z.infer<typeof StageOutput>;

const Failed = z.object({
  name: z.string(),
  class: z.string() as unknown as z.ZodType<ErrorClass>,
  message: z.string(),
  status: z.number().optional(),
  retryAfterMs: z.number().optional().describe("Milliseconds the provider asks to wait"),
  thrown: z
    .object({ name: z.string(), code: z.string().optional() })
    .optional()
    .describe("What the client threw, by name and code"),
  budget: z
    .object({ limitUsd: z.number(), spentUsd: z.number() })
    .optional()
    .describe("The budget without room for the call"),
  retryable: z.literal(true).optional().describe("Asking again may help and has not been tried"),
  steps: messages.optional().describe("Tool calls it completed all the same"),
  item: z.string().optional().describe("What a worker of a map-reduce was given"),
});

/** Agreement of the answers of an ensemble. */
export const VoteSummary = z.object({
  agreement: z.enum(["full", "majority", "partial", "none", "single"]),
  consensus: z.boolean(),
  votes: z.record(z.string(), z.number()).optional(),
});
export type VoteSummary = z.infer<typeof VoteSummary>;

/**
 * Returns the state with candidates and outputs that were written from outside as JSON converted to messages.
 *
 * @throws {InvalidInputError} when a field cannot be read
 */
export function readable(state: OrchestrationState): OrchestrationState {
  checkWritten(state);
  const { candidates, outputs } = state;
  const hasAnswer = ({ message }: Candidate | StageOutput) => isAnswer(message);
  if (candidates.every(hasAnswer) && outputs.every(hasAnswer)) return state;
  return {
    ...state,
    candidates: candidates.map((value, index) => withMessage(value, `candidates[${index}]`)),
    outputs: outputs.map((value, index) => withMessage(value, `outputs[${index}]`)),
  };
}

/**
 * State shared by all patterns.
 *
 * **When to use** - to type your own node, or to build a graph that nests patterns: spread `OrchestrationState.fields` into your own
 * `StateSchema`.
 * **Gotchas** - every list except `messages` belongs to the current run: the first node of a pattern resets it.
 *
 * @example
 * ```ts
 * const MyState = new StateSchema({ ...OrchestrationState.fields, customer: z.string() });
 * ```
 */
export const OrchestrationState = new StateSchema({
  messages: Conversation,
  modelUsed: z.string().optional().describe("Path of the call whose answer was returned"),
  route: z.string().optional().describe("Last routing decision"),
  confidence: z.number().nullable().default(null).describe("0..1; null when nothing measured it"),
  verdict: Verdict.optional(),
  candidates: appended(Candidate, {
    key: "candidates",
    description: "Answers that were weighed",
    revive: withMessage,
    change: withVerdict,
  }),
  items: z.array(z.string()).optional().describe("What a map-reduce works through, in order"),
  outputs: appended(StageOutput, {
    key: "outputs",
    description: "What each stage or worker gave",
    revive: withMessage,
  }),
  aggregate: VoteSummary.optional(),
  calls: appended(ModelCall, { key: "calls", description: "The ledger of this run", idOf: ({ id }) => id }),
  decisions: appended(Decision, { key: "decisions", description: "Why the run went where it went" }),
  failures: appended(Failed, { key: "failures", description: "Calls of this run that ended without an answer" }),
  turnId: z.string().optional().describe("Id of this run; all of its calls carry it"),
  next: z.string().optional().describe("The node a deciding node sent the run to; none once it is answered"),
});
export type OrchestrationState = typeof OrchestrationState.State;

type Update = typeof OrchestrationState.Update;
/** Update that a node may return: a list is appended, an `Overwrite` replaces it. */
export type OrchestrationUpdate = { [Key in keyof Update]?: Update[Key] | Overwrite<OrchestrationState[Key]> };
