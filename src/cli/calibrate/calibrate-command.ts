import { type Command, Option } from "commander";
import { command, dollarAmount, examples, lazily, wholeNumber } from "../command.js";
import type { CalibrateCommandOptions } from "./calibrate.js";
import { shareOf } from "./goal.js";

/** Adds `multimodel calibrate`. */
export function addCalibrate(program: Command): void {
  command(program, "calibrate", "choose the threshold of a graph on examples, and write it into the file")
    .argument("<dataset>", "JSONL with input and expected on each line, CSV with these columns, or recordings")
    .option("-g, --graph <name>", "graph of the file; default: the file's default")
    .option("--at <place>", "of several thresholds, the one to choose: graphs.assistant.verify.threshold")
    .option("-s, --scorer <name>", "exact, number, choice, choice:ABCDE, json, json:FIELD, contains, regex", "exact")
    .addOption(
      new Option("--cost <share>", "target: at most this share of the dearest threshold's cost").argParser(shareOf),
    )
    .addOption(new Option("--accuracy <share>", "target: this share of right answers").argParser(shareOf))
    .addOption(
      new Option(
        "--wrong-accepted <share>",
        "target: at most this share accepted and wrong; see --confidence",
      ).argParser(shareOf),
    )
    .addOption(new Option("--confidence <share>", "confidence of --wrong-accepted").default(0.9).argParser(shareOf))
    .option("--record <file>", "keep what the models are asked and answer in a JSONL file")
    .option("--replay <file>", "answer from such a file, without keys")
    .addOption(new Option("-c, --concurrency <n>", "questions at once").default(8).argParser(wholeNumber))
    .addOption(new Option("--budget <usd>", "most USD of the calls").argParser(dollarAmount))
    .option("--dry-run", "print the threshold and leave the file as it is")
    .option("--json", "print threshold and figures as JSON")
    .addHelpText(
      "after",
      examples(
        "multimodel calibrate questions.jsonl --graph assistant --scorer number --cost 0.5",
        "multimodel calibrate questions.jsonl --wrong-accepted 0.02 --record calls.jsonl",
        "multimodel calibrate questions.jsonl --accuracy 0.95 --replay calls.jsonl --dry-run",
      ),
    )
    .action(
      lazily(async (dataset: string, options: CalibrateCommandOptions) =>
        (await import("./calibrate.js")).calibrateFile(dataset, options),
      ),
    );
}
