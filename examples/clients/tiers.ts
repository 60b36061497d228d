import { byTask, createRouter, defineModels, type ModelEntry } from "langgraph-multimodel";

/** The models of an application, cheapest first; `model` and `price` are its own, the rest is set here. */
export type Tiers = Readonly<Record<"small" | "medium" | "large" | "premium", ModelEntry>>;

const maxTokens = { small: 512, medium: 1_024, large: 2_048, premium: 4_096 };

const table = {
  parsing: { simple: "small", moderate: "small" },
  description: { simple: "small", moderate: "medium", complex: "large" },
  narration: { simple: "small", moderate: "medium", complex: "large" },
  dialogue: { simple: "medium", moderate: "medium", complex: "large" },
  generation: { moderate: "medium", complex: "large", critical: "premium" },
  decision: { critical: "premium" },
} as const;

/** The tiers at one temperature, each with its limit of tokens. */
export function tiersAt(temperature: number, tiers: Tiers): Tiers {
  const tier = (name: keyof Tiers) => ({
    ...tiers[name],
    parameters: { ...tiers[name].parameters, temperature, maxTokens: maxTokens[name] },
  });
  return defineModels({
    small: tier("small"),
    medium: tier("medium"),
    large: tier("large"),
    premium: tier("premium"),
  });
}

/** Sends a task to the tier the table has for it; task and complexity are given with each run, in its context. */
export function createTieredRouter(models: Tiers) {
  return createRouter({ models, route: byTask({ table, default: "medium" }), fallback: models.premium });
}
