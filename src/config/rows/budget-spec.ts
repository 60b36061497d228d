import { z } from "zod";
import { fields, text } from "./fields.js";

const usd = z.number().nonnegative();

/** A window budget as a file has it; written out, since the declarations that hold its schema would repeat all of it. */
export interface BudgetSpec {
  usd: number;
  per: "hour" | "day" | "month";
  name?: string | undefined;
  by?: string | undefined;
  tags?: string[] | undefined;
  assumePrice?: { input: number; output: number } | undefined;
  onShare?: number[] | undefined;
}

/** A window budget; those of one name are one budget. */
export const BudgetSpec: z.ZodType<BudgetSpec> = fields({
  usd: usd.describe("Most dollars of one window"),
  per: z.enum(["hour", "day", "month"]).describe("Windows of the calendar in UTC"),
  name: text.optional().describe("Budgets of one name are one; default: the name of the model or graph"),
  by: text.optional().describe("Field of the run's context, such as sessionId: each of its values has its own usd"),
  tags: z.array(text).min(1).optional().describe("Counts only calls with one of these tags; default: all calls"),
  assumePrice: fields({ input: usd, output: usd })
    .optional()
    .describe("USD per million tokens of models whose price is unknown; default: they are not called"),
  onShare: z.array(z.number().gt(0).max(1)).optional().describe("Shares of usd at which a budget event is published"),
}).meta({ id: "Budget" });
