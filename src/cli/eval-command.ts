import { type Command, Option } from "commander";
import { command, examples, lazily, wholeNumber } from "./command.js";
import type { EvalOptions } from "./eval.js";

/** Adds `multimodel eval`. */
export function addEval(program: Command): void {
  command(program, "eval", "answer a dataset and score the answers: accuracy, cost and latency, with intervals")
    .argument("<dataset>", "JSONL with input and expected on each line, CSV with these columns, or recordings")
    .option("-o, --output <file>", "JSONL file of the scored answers; the same command goes on where it stopped")
    .option("-m, --model <names...>", "models of the file that answer, each alone")
    .option("-g, --graph <names...>", "graphs of the file that answer; default: the file's default")
    .option(
      "-s, --scorer <names...>",
      "exact, number, choice, choice:ABCDE, json, json:FIELD, contains, regex, judge:MODEL",
      ["exact"],
    )
    .addOption(new Option("-c, --concurrency <n>", "questions at once").default(8).argParser(wholeNumber))
    .option("--budget <usd>", "most USD of all answers and judges; ends before a call that could exceed it")
    .option("--passing <score>", "lowest score of a right answer, 0 to 1; default: 1")
    .option("--cluster <tag>", "questions with the same value of this tag are alike")
    .option("--record <file>", "write what the models are asked and answer to a JSONL file")
    .option("--replay <file>", "answer from such a file, without keys")
    .option(
      "--margin <points>",
      "with several targets, compare the first with each other: not worse by more than this; 1 is a point",
    )
    .option("--json", "print the figures as JSON")
    .addHelpText(
      "after",
      examples(
        "multimodel eval questions.jsonl --scorer number -o answers.jsonl --budget 5",
        "multimodel eval questions.csv --graph assistant --model strong --scorer number --margin 1",
        "multimodel eval questions.jsonl --scorer judge:strong --record calls.jsonl",
        "multimodel eval questions.jsonl --replay calls.jsonl",
      ),
    )
    .action(
      lazily(async (dataset: string, options: EvalOptions) =>
        (await import("./eval.js")).evaluateFile(dataset, options),
      ),
    );
}
