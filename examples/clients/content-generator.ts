import { createCascade, matchesSchema, readStructured, type Verdict } from "langgraph-multimodel";
import { z } from "zod";
import { CostTracker } from "./cost-tracker.js";
import { type TaskProfile, taskProfiles } from "./task-profiles.js";
import { createTieredRouter, type Tiers, tiersAt } from "./tiers.js";

export const Npc = z.object({ name: z.string(), occupation: z.string(), secret: z.string() });
export type Npc = z.infer<typeof Npc>;

export const Quest = z.object({
  title: z.string(),
  steps: z.array(z.string()).min(1),
  reward: z.number().int().min(0),
});
export type Quest = z.infer<typeof Quest>;

export const Item = z.object({ name: z.string(), rarity: z.enum(["common", "rare", "legendary"]) });
export type Item = z.infer<typeof Item>;

/** Every model was asked, and none gave what was asked for. */
export class InvalidContentError extends Error {
  override readonly name = "InvalidContentError";
  readonly kind: string;
  /** What the last model said. */
  readonly answer: string;

  constructor(kind: string, answer: string, { reason, feedback }: Verdict) {
    super(`No model gave a valid ${kind}: ${reason}. ${feedback}`);
    this.kind = kind;
    this.answer = answer;
  }
}

export interface ContentGeneratorOptions {
  readonly tiers: Tiers;
  /** Shared with other clients, where all of them are to be on one bill. @default its own */
  readonly costs?: CostTracker;
}

/** Makes content a program reads: what its methods return has been parsed. */
export class ContentGenerator {
  readonly costs: CostTracker;
  readonly generateNpc: (brief: string) => Promise<Npc>;
  readonly generateQuest: (brief: string) => Promise<Quest>;
  readonly generateItem: (brief: string) => Promise<Item>;

  constructor({ tiers, costs = new CostTracker() }: ContentGeneratorOptions) {
    this.costs = costs;
    this.generateNpc = generator("NPC", Npc, tiers, taskProfiles.npc, costs);
    this.generateQuest = generator("quest", Quest, tiers, taskProfiles.quest, costs);
    this.generateItem = generator("item", Item, tiers, taskProfiles.item, costs);
  }
}

/** A function that generates content of one kind: the tier of the table first, the premium model if that gives no valid JSON. */
function generator<Content>(
  kind: string,
  schema: z.ZodType<Content>,
  tiers: Tiers,
  { task, complexity, temperature }: TaskProfile,
  costs: CostTracker,
) {
  const description = `Reply with one ${kind}, as JSON of this form: ${JSON.stringify(z.toJSONSchema(schema))}`;
  const models = tiersAt(temperature, tiers);
  const graph = createCascade({
    models: {
      tier: { model: createTieredRouter(models), systemPrompt: description },
      premium: { ...models.premium, systemPrompt: description },
    },
    verify: matchesSchema(schema),
  }).compile();
  return async (brief: string): Promise<Content> => {
    const run = graph.invoke({ messages: brief }, { context: { task, complexity } });
    const { candidates, verdict } = await costs.track(run);
    const answer = candidates.at(-1)!.message;
    const content = readStructured(answer, { name: kind, description, schema });
    if (content !== undefined) return content;
    throw new InvalidContentError(kind, answer.text, verdict!);
  };
}
