import type { Command } from "commander";
import { command, examples, lazily } from "./command.js";
import type { TrainOptions } from "./train.js";

/** Adds `multimodel train`. */
export function addTrain(program: Command): void {
  command(program, "train", "learn a cascade from recorded answers of several models, and write it to a file")
    .argument("<recordings>", "JSONL file of { input, expected, answers: { name: { text, costUsd } } }")
    .requiredOption("--against <name>", "recorded model that costs are a share of")
    .requiredOption("--out <file>", "file for the policy: policy.json")
    .option(
      "--normalize <form>",
      "how answers are compared and judged: text, number, yesNo, json or choice:ABCD",
      "text",
    )
    .option("--cost <share>", "target: at most this share of the model's cost, 0 to 1")
    .option("--accuracy <share>", "target: this share of right answers, 0 to 1")
    .option("--wrong-accepted <share>", "target: at most this share accepted and wrong; see --confidence")
    .option("--confidence <share>", "confidence of --wrong-accepted", "0.9")
    .option("--seed <text>", "seed of the cross-validation", "1")
    .addHelpText(
      "after",
      examples(
        "multimodel train recordings.jsonl --against large --normalize number --cost 0.3 --out policy.json",
        "multimodel train recordings.jsonl --against large --normalize choice:ABCD --wrong-accepted 0.02 --out policy.json",
      ),
    )
    .action(lazily(async (file: string, options: TrainOptions) => (await import("./train.js")).train(file, options)));
}
