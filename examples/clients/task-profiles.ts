import type { Complexity } from "langgraph-multimodel";

/** What a task asks for: its cell in the table of tiers, and how inventive the model may be. */
export interface TaskProfile {
  readonly task: string;
  readonly complexity: Complexity;
  readonly temperature: number;
}

export const taskProfiles = {
  room: { task: "description", complexity: "simple", temperature: 0.6 },
  combat: { task: "narration", complexity: "moderate", temperature: 0.7 },
  criticalMoment: { task: "narration", complexity: "complex", temperature: 0.8 },
  dialogue: { task: "dialogue", complexity: "moderate", temperature: 0.8 },
  npc: { task: "generation", complexity: "complex", temperature: 0.9 },
  quest: { task: "generation", complexity: "critical", temperature: 0.8 },
  item: { task: "generation", complexity: "simple", temperature: 0.9 },
} as const satisfies Record<string, TaskProfile>;
