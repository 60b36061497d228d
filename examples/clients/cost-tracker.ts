import { callsOf, formatReport, type ModelCall, totalCost } from "langgraph-multimodel";

/** The ledgers of many runs as one: what each model did and cost, and the total. */
export class CostTracker {
  private readonly kept: ModelCall[] = [];

  /** Waits for a run and keeps its calls; what a run that throws has paid counts too. */
  async track<Result extends { readonly calls: readonly ModelCall[] }>(run: Promise<Result>): Promise<Result> {
    try {
      const result = await run;
      this.kept.push(...result.calls);
      return result;
    } catch (error) {
      this.kept.push(...callsOf(error));
      throw error;
    }
  }

  get calls(): readonly ModelCall[] {
    return this.kept;
  }

  /** USD; `null` when a price is unknown. */
  get totalUsd(): number | null {
    return totalCost(this.kept);
  }

  report(): string {
    return formatReport(this.kept);
  }
}
