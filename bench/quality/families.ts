/**
 * The rules a search chooses from. The small families were drawn up while looking at all of the data, so cross-validation
 * covers the choice within them and not that of the family; `priceOrdered` is a family nobody looked for.
 */
import type { Rule } from "./ladder.js";
import type { Recording } from "./shared-data.js";

export interface Task {
  readonly name: "gsm8k" | "mmlu_pro";
  readonly title: string;
  readonly cheap: string;
  readonly strong: string;
  /** Shares of the cost of always asking the strong model. */
  readonly caps: readonly number[];
  readonly ladders: readonly (readonly string[])[];
}

const [flash, qwen, llama8, mini, llama70, gpt4o, sonnet] = [
  "gemini-1.5-flash",
  "Qwen2-7B-Instruct",
  "Meta-Llama-3.1-8B-Instruct",
  "gpt-4o-mini-2024-07-18",
  "Meta-Llama-3.1-70B-Instruct",
  "gpt-4o-2024-08-06",
  "claude-3-5-sonnet-20241022",
] as const;
const [flash2, phi, pro] = ["gemini-1.5-flash-002", "Phi-3-mini-4k-instruct", "gemini-1.5-pro-002"] as const;

export const tasks: readonly Task[] = [
  {
    name: "gsm8k",
    title: "GSM8K, to the accuracy of gpt-4o-2024-08-06",
    cheap: flash,
    strong: gpt4o,
    caps: [0.12, 0.1],
    ladders: [
      [flash, llama8, mini, sonnet],
      [flash, llama8, mini, gpt4o],
      [flash, qwen, mini, sonnet],
      [flash, qwen, mini, gpt4o],
      [flash, llama8, mini, llama70, sonnet],
      [flash, qwen, mini, llama70, sonnet],
      [flash, llama8, mini, qwen, sonnet],
      [flash, qwen, mini, llama8, sonnet],
      [flash, llama8, mini, qwen, llama70, sonnet],
      [flash, qwen, mini, llama8, llama70, sonnet],
      [flash, mini, llama70, sonnet],
      [flash, mini, sonnet],
    ],
  },
  {
    name: "mmlu_pro",
    title: "MMLU-Pro, to the accuracy of gemini-1.5-pro-002",
    cheap: flash2,
    strong: pro,
    caps: [0.7, 0.5],
    ladders: [
      [flash2, pro],
      [flash2, llama8, pro],
      [flash2, phi, pro],
      [flash2, phi, llama8, pro],
      [flash2, llama8, llama70, pro],
      [flash2, llama8, pro, llama70],
      [flash2, phi, pro, llama70],
      [flash2, pro, llama70],
    ],
  },
];

const needs = { gsm8k: [0, 5.5, 6], mmlu_pro: [0, 2] } as const;
const limits = [0.4, 0.6, 0.8, 1] as const;

/** The kinds of rules that are compared, by name. */
export function familiesOf({ name, ladders }: Task, recording: Recording): Readonly<Record<string, readonly Rule[]>> {
  const plain = ladders.map((models): Rule => ({ models }));
  const weighted = ladders.flatMap((models) => needs[name].map((need): Rule => ({ models, need })));
  return {
    agreement: plain,
    "agreement, any ladder in price order": priceOrdered(recording).map((models) => ({ models })),
    "weighted agreement": weighted,
    "agreement, easy ones by learned router": plain.flatMap((rule) =>
      [0, 0.2, 0.4].map((trust) => ({ ...rule, trust })),
    ),
    "weighted, with a limit on the next call": weighted.flatMap((rule) => limits.map((limit) => ({ ...rule, limit }))),
  };
}

/** Every ladder of two to five models, cheapest list price first. */
function priceOrdered({ models, prices }: Recording): string[][] {
  const order = [...models].sort((one, other) => prices[one]!.input - prices[other]!.input);
  return Array.from({ length: 2 ** order.length }, (_, bits) => order.filter((_, place) => (bits >> place) & 1)).filter(
    (ladder) => ladder.length >= 2 && ladder.length <= 5,
  );
}
