/** Words for classes of models, best first; each line is one class. */
const classes: readonly (readonly string[])[] = [
  ["frontier", "best", "premium", "expert", "reasoning", "ultra", "opus"],
  ["large", "strong", "high", "pro", "advanced", "quality", "complex"],
  ["standard", "medium", "mid", "middle", "balanced", "normal", "default"],
  ["small", "fast", "cheap", "low", "light", "economy", "basic", "simple", "mini"],
  ["tiny", "nano", "micro"],
];

const standard = classes.findIndex((words) => words.includes("standard"));

/** Ranks a tier by its words, higher is better; a tier without a known word counts as `standard`. */
export function tierRank(tier: string | undefined): number {
  const words = tier?.toLowerCase().split(/[^a-z]+/) ?? [];
  const found = classes.findIndex((names) => words.some((word) => names.includes(word)));
  return -(found < 0 ? standard : found);
}
