import { z } from "zod";

/**
 * Settings of one run: `graph.invoke(input, { context })`. Every key is optional. You may add your own fields, such as `userId`, for
 * your strategies and for options such as `stickyBy: "userId"`.
 */
export const RunContext = z.object({
  tags: z
    .array(z.string())
    .optional()
    .describe("Tags for the trace of every call of this run")
    .meta({ title: "Tags", examples: [["demo"]] }),
  sessionId: z
    .string()
    .optional()
    .describe("Groups runs in a trace viewer: becomes `session_id` in the metadata of every call")
    .meta({ title: "Session", examples: ["session-1"] }),
  task: z
    .string()
    .optional()
    .describe("What kind of task this is: a row of the table of `byTask`")
    .meta({ title: "Task", examples: ["coding"] }),
  complexity: z
    .string() // a table of `byTask` may have words of its own
    .optional()
    .describe("How hard it is: `byComplexity` and `byTask` then detect nothing")
    .meta({ title: "Complexity", enum: ["simple", "moderate", "complex", "critical"], examples: ["complex"] }),
});
export type RunContext = z.infer<typeof RunContext> & { readonly [field: string]: unknown };
