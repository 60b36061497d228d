import { z } from "zod";

/** Settings of one run: `graph.invoke(input, { context })`. Every key is optional; only settings that work are declared. */
export const RunContext = z.object({
  tags: z.array(z.string()).optional().describe("Tags for the trace of every call of this run"),
  sessionId: z
    .string()
    .optional()
    .describe("Groups runs in a trace viewer: becomes `session_id` in the metadata of every call"),
});
export type RunContext = z.infer<typeof RunContext>;
