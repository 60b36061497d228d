import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { MessagesValue, type Overwrite, ReducedValue, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import type { ErrorClass } from "../errors.js";
import { Decision } from "./decision.js";
import { ModelCall } from "./ledger.js";
import { Verdict } from "./verdict.js";

/** A message inside an object: messages in objects do not leak into the `messages` stream. */
const message = z.any() as unknown as z.ZodType<AIMessage>;
const messages = z.any() as unknown as z.ZodType<readonly BaseMessage[]>;

/** An answer that is weighed: judged by a verifier or aggregated with others. */
export const Candidate = z.object({
  name: z.string(),
  message,
  modelUsed: z.string().optional().describe("Path of the call that gave it, where that is deeper than `name`"),
  steps: messages.optional().describe("Tool calls and results the model made on its way to the answer"),
  verdict: Verdict.optional(),
});
export type Candidate = z.infer<typeof Candidate>;

/** What a stage or worker gave. */
export const Output = z.object({ stage: z.string(), message });
export type Output = z.infer<typeof Output>;

const Failed = z.object({
  name: z.string(),
  class: z.string() as unknown as z.ZodType<ErrorClass>,
  message: z.string(),
  status: z.number().optional(),
});

/** How the answers of an ensemble agreed. */
export const Aggregate = z.object({
  agreement: z.enum(["full", "majority", "partial", "none", "single"]),
  consensus: z.boolean(),
  votes: z.record(z.string(), z.number()).optional(),
});
export type Aggregate = z.infer<typeof Aggregate>;

function appended<Item extends z.ZodType>(item: Item, description: string) {
  const list = z.array(item).default(() => []);
  return new ReducedValue(list, {
    inputSchema: z.array(item),
    reducer: (current: z.infer<Item>[], added: z.infer<Item>[]) => current.concat(added),
    jsonSchemaExtra: { description },
  });
}

/**
 * The one state every pattern shares.
 *
 * **When to use** - to type a node of your own, or to build a graph that nests patterns: spread `OrchestrationState.fields`
 * into a `StateSchema` of yours.
 * **Gotchas** - all lists but `messages` are those of the current run: the entry node resets them.
 *
 * @example
 * ```ts
 * const MyState = new StateSchema({ ...OrchestrationState.fields, customer: z.string() });
 * ```
 */
export const OrchestrationState = new StateSchema({
  messages: MessagesValue,
  modelUsed: z.string().optional().describe("Path of the call whose answer was returned"),
  route: z.string().optional().describe("Last routing decision"),
  confidence: z.number().nullable().default(null).describe("0..1; null when nothing measured it"),
  verdict: Verdict.optional(),
  candidates: appended(Candidate, "Answers that were weighed"),
  outputs: appended(Output, "What each stage or worker gave"),
  aggregate: Aggregate.optional(),
  calls: appended(ModelCall, "The ledger of this run"),
  decisions: appended(Decision, "Why the run went where it went"),
  failures: appended(Failed, "Calls of this run that ended without an answer"),
  next: z.string().optional().describe("The node a deciding node sent the run to; none once it is answered"),
});
export type OrchestrationState = typeof OrchestrationState.State;

type Update = typeof OrchestrationState.Update;
/** What a node may return: a list is appended, an `Overwrite` replaces it. */
export type OrchestrationUpdate = { [Key in keyof Update]?: Update[Key] | Overwrite<OrchestrationState[Key]> };
