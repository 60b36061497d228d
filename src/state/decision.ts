import { z } from "zod";

/** Why a run went where it went: one line per fork, the same in state, traces and replies. */
export const Decision = z.object({
  node: z.string().describe("Path of the node that decided"),
  kind: z.enum(["route", "accept", "escalate", "revise", "fallback", "vote", "stop", "skip"]),
  chosen: z.string().describe("Model or node the decision is for; of a skip: the one passed over"),
  label: z.string().optional().describe("The classifier's own word, where it differs from the model's name"),
  candidates: z.array(z.string()).optional(),
  scores: z.record(z.string(), z.number()).optional(),
  threshold: z.number().optional(),
  reason: z.string(),
  byHand: z.literal(true).optional().describe("A person wrote it into the state while the run waited"),
});
export type Decision = z.infer<typeof Decision>;

/** How the reason of an accepted answer begins that did not pass, and is returned because it is the last one there is. */
export const nothingLeft = "nothing is left to ask";
