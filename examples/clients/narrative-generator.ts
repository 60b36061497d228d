import { CostTracker } from "./cost-tracker.js";
import { type TaskProfile, taskProfiles } from "./task-profiles.js";
import { createTieredRouter, type Tiers, tiersAt } from "./tiers.js";

export interface NarrativeGeneratorOptions {
  readonly tiers: Tiers;
  /** Shared with other clients, where all of them are to be on one bill. @default its own */
  readonly costs?: CostTracker;
}

/** Tells a story: typed methods in front, a router over the tiers behind them. */
export class NarrativeGenerator {
  readonly costs: CostTracker;
  private readonly tell;

  constructor({ tiers, costs = new CostTracker() }: NarrativeGeneratorOptions) {
    const { room, combat, criticalMoment, dialogue } = taskProfiles;
    this.costs = costs;
    this.tell = {
      room: teller(tiers, room, costs),
      combat: teller(tiers, combat, costs),
      criticalMoment: teller(tiers, criticalMoment, costs),
      dialogue: teller(tiers, dialogue, costs),
    };
  }

  describe(room: string): Promise<string> {
    return this.tell.room(`Describe this room in two sentences: ${room}`);
  }

  narrate(event: string, options: { readonly critical?: boolean } = {}): Promise<string> {
    const tell = options.critical ? this.tell.criticalMoment : this.tell.combat;
    return tell(`Narrate what happens, in the present tense: ${event}`);
  }

  dialogue(speaker: string, situation: string): Promise<string> {
    return this.tell.dialogue(`What does ${speaker} say? Reply with the words only. The situation: ${situation}`);
  }
}

/** A function that has a task of one kind done. */
function teller(tiers: Tiers, { task, complexity, temperature }: TaskProfile, costs: CostTracker) {
  const graph = createTieredRouter(tiersAt(temperature, tiers)).compile();
  return async (request: string): Promise<string> => {
    const run = graph.invoke({ messages: request }, { context: { task, complexity } });
    return (await costs.track(run)).messages.at(-1)!.text;
  };
}
