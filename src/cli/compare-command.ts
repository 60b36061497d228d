import { type Command, Option } from "commander";
import { command, examples, lazily } from "./command.js";
import type { CompareOptions } from "./compare.js";

/** Adds `multimodel compare`. */
export function addCompare(program: Command): void {
  command(
    program,
    "compare",
    "compare variants, targets, files or two times of answered runs, or evaluations of one dataset",
  )
    .argument(
      "<runs...>",
      "JSONL files of rows, as run writes them, of states with calls and decisions, or of eval: the first with each other",
    )
    .addOption(
      new Option("--by <sides>", "variant of an experiment, target of run, or file")
        .default("variant")
        .choices(["variant", "target", "file"]),
    )
    .option("--at <path>", "the experiment's node, where runs have several: chat/assignment")
    .option("--before <time>", "compare two times instead: runs that began before it, or from..to")
    .option("--after <time>", "runs that began from it on, or from..to")
    .option("--baseline <side>", "side that the others are compared with; default: the one with most runs")
    .option("--smallest <differences...>", "smallest differences that matter, to plan for: success=0.02 costUsd=0.001")
    .option("--peeking", "widen the intervals so that they hold however often they are looked at")
    .option(
      "--feedback <file>",
      "what people thought of the runs, as feedback wrote it, in the place of their confidence",
    )
    .option("--margin <points>", "of evaluations: whether the first is not worse by more than this; 1 is a point")
    .option("--json", "print the comparison as JSON")
    .addHelpText(
      "after",
      examples(
        "multimodel compare answers.jsonl",
        "multimodel compare old.jsonl new.jsonl --by file --baseline old.jsonl",
        "multimodel compare day-*.jsonl --before 2026-11-08 --after 2026-11-08",
        "multimodel compare answers.jsonl --smallest success=0.02 costUsd=0.001",
        "multimodel compare cascade.eval.jsonl strong.eval.jsonl --margin 1",
      ),
    )
    .action(
      lazily(async (files: string[], options: CompareOptions) =>
        (await import("./compare.js")).compare(files, options),
      ),
    );
}
