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
export type RunParameters = Readonly<z.infer<typeof RunParameters>>;

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
  maxCostUsd: z
    .number()
    .nonnegative()
    .optional()
    .describe("Most dollars of this run with everything in it: drafts, judges, routers, nested patterns")
    .meta({ title: "Maximum cost in USD", examples: [0.01] }),
  deadlineMs: z
    .number()
    .positive()
    .optional()
    .describe("Milliseconds after which no call is made or waited for; the best answer so far is returned")
    .meta({ title: "Deadline in ms", examples: [10_000] }),
  parameters: RunParameters.optional()
    .describe(
      "For the models that may give the answer, before those of their entries; never for judges, routers and summaries",
    )
    .meta({ title: "Parameters", examples: [{ temperature: 0.2 }] }),
  stream: z
    .enum(["live", "committed"])
    .optional()
    .describe(
      "live: drafts stream too, and an `attempt_discarded` event names each that is dropped; committed: only answers certain to be returned",
    )
    .meta({ title: "Stream", examples: ["live"] }),
  task: z
    .string()
    .optional()
    .describe("What kind of task this is: a row of the table of `byTask`, and a key of `taskParameters` of entries")
    .meta({ title: "Task", examples: ["coding"] }),
  complexity: z
    .string() // a table of `byTask` may have words of its own
    .optional()
    .describe("How hard it is: `byComplexity` and `byTask` then detect nothing")
    .meta({ title: "Complexity", enum: ["simple", "moderate", "complex", "critical"], examples: ["complex"] }),
  systemPrompt: z
    .string()
    .optional()
    .describe("System prompt of all models that answer, in place of `system` of the graph")
    .meta({ title: "System prompt", examples: ["Answer in one sentence."] }),
  judgeRubric: z
    .string()
    .optional()
    .describe("Description of a good answer for every `judgeWith`, in place of its `rubric`")
    .meta({ title: "Judge: a good answer", examples: ["It is correct and names a source."] }),
  judgeThreshold: z
    .number()
    .optional()
    .describe("Lowest score that passes every `judgeWith`, on its own scale, in place of its `threshold`")
    .meta({ title: "Judge: lowest score that passes", examples: [8] }),
});
export type RunContext = z.infer<typeof RunContext> & { readonly [field: string]: unknown };
