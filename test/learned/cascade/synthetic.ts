import { randomFrom } from "../../../src/aggregation/shuffled.js";
import type { Recording } from "../../../src/evaluation/index.js";

/** Chances of a right answer on an easy and on a hard question, and USD, by model. */
const profiles = {
  tiny: { easy: 0.9, hard: 0.25, costUsd: 0.001 },
  small: { easy: 0.93, hard: 0.35, costUsd: 0.002 },
  large: { easy: 0.99, hard: 0.85, costUsd: 0.03 },
} as const;

/** Simulated answers: two questions in three are easy; wrong answers are one of three numbers. */
export function syntheticRecordings(count: number, seed = "synthetic"): Recording[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, at): Recording => {
    const level = random() < 2 / 3 ? "easy" : "hard";
    const answers = Object.entries(profiles).map(([name, profile]) => {
      const right = random() < profile[level];
      const text = right ? `${at}` : `${at + 1_000 + Math.floor(random() * 3)}`;
      const outputTokens = level === "easy" ? 40 : 90;
      return [name, { text, costUsd: profile.costUsd, usage: { inputTokens: 30, outputTokens } }] as const;
    });
    return { input: `Question ${seed} ${at}`, expected: at, tags: { level }, answers: Object.fromEntries(answers) };
  });
}

/** Tells whether a text is the expected number. */
export const isExpected = (text: string, expected: unknown): boolean => text === String(expected);
