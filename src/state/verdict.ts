import type { AIMessage } from "@langchain/core/messages";
import { z } from "zod";

/** Judgement of a verifier about an answer. */
export const Verdict = z.object({
  pass: z.boolean(),
  score: z.number().optional().describe("0..1"),
  threshold: z.number().optional().describe("0..1, what `score` was held against"),
  feedback: z.string().optional().describe("What the model should change"),
  reason: z.string().optional(),
  next: z.string().optional().describe("Model to ask if it does not pass, out of turn"),
});
export type Verdict = z.infer<typeof Verdict> & {
  /** Replaces the judged answer, e.g. with a stated confidence stripped off; the message of an earlier candidate returns that candidate. */
  readonly answer?: AIMessage;
};
