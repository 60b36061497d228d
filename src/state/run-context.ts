import { z } from "zod";

const between = (low: number, high: number) => z.number().min(low).max(high);
const count = z.number().int().positive();

/** Parameters of one run, under the names an entry's `parameters` have. */
export const RunParameters = z.strictObject({
  temperature: between(0, 2).optional(),
  maxTokens: count.optional().describe("Maximum tokens of an answer"),
  topP: between(0, 1).optional(),
  topK: count.optional(),
  seed: z.number().int().optional(),
  stop: z.array(z.string().min(1)).optional().describe("Texts that end an answer"),
  frequencyPenalty: between(-2, 2).optional(),
  presencePenalty: between(-2, 2).optional(),
  reasoningEffort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).optional(),
});

/**
 * Settings of one run: `graph.invoke(input, { context })`. Every key is optional; only settings that work are declared, and fields
 * of your own (`userId`) may stand beside them: strategies read them, as `stickyBy: "userId"` does.
 */
export const RunContext = z.object({
  tags: z.array(z.string()).optional().describe("Tags for the trace of every call of this run"),
  sessionId: z
    .string()
    .optional()
    .describe("Groups runs in a trace viewer: becomes `session_id` in the metadata of every call"),
  task: z.string().optional().describe("What kind of task this is: a row of the table of `byTask`"),
  parameters: RunParameters.optional().describe(
    "For the models that may give the answer, before those of their entries; never for judges, routers and summaries",
  ),
  complexity: z
    .string()
    .optional()
    .describe("How hard it is (simple, moderate, complex, critical): `byComplexity` and `byTask` then detect nothing"),
});
export type RunContext = z.infer<typeof RunContext> & { readonly [field: string]: unknown };
