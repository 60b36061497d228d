import { z } from "zod";

/** Decision of a node about the course of the run, with its reason; the same in state, traces and server replies. */
export const Decision = z.object({
  node: z.string().describe("Path of the node that decided"),
  kind: z.enum(["route", "accept", "escalate", "revise", "fallback", "vote", "stop", "skip", "edit", "hedge", "score"]),
  chosen: z
    .string()
    .describe("Model or node the decision is for; of a skip: the one passed over; of an edit: what was changed"),
  label: z.string().optional().describe("The classifier's own word, where it differs from the model's name"),
  candidates: z.array(z.string()).optional(),
  scores: z.record(z.string(), z.number()).optional(),
  threshold: z.number().optional(),
  reason: z.string(),
  byHand: z.literal(true).optional().describe("A person wrote it into the state while the run waited"),
});
export type Decision = z.infer<typeof Decision>;

/** Start of the reason for returning an answer that did not pass, because no model is left. */
export const nothingLeft = "nothing is left to ask";
