import type { AIMessage } from "@langchain/core/messages";
import { z } from "zod";

/** Judgement of a verifier about an answer. */
export const Verdict = z.object({
  pass: z.boolean(),
  score: z.number().optional().describe("0..1"),
  threshold: z.number().optional().describe("0..1, what `score` was held against"),
  feedback: z.string().optional().describe("What the model should change"),
  reason: z.string().optional(),
});
export type Verdict = z.infer<typeof Verdict> & {
  /** Replaces the judged answer, e.g. with a stated confidence stripped off. */
  readonly answer?: AIMessage;
};
