import { z } from "zod";

/**
 * Settings of one run: `graph.invoke(input, { context })`. Every key is optional. You may add your own fields, such as `userId`, for
 * your strategies and for options such as `stickyBy: "userId"`.
 */
export const RunContext = z.object({
  tags: z.array(z.string()).optional().describe("Tags for the trace of every call of this run"),
  sessionId: z
    .string()
    .optional()
    .describe("Groups runs in a trace viewer: becomes `session_id` in the metadata of every call"),
  task: z.string().optional().describe("What kind of task this is: a row of the table of `byTask`"),
  complexity: z
    .string()
    .optional()
    .describe("How hard it is (simple, moderate, complex, critical): `byComplexity` and `byTask` then detect nothing"),
});
export type RunContext = z.infer<typeof RunContext> & { readonly [field: string]: unknown };
