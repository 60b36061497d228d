import { readFile, writeFile } from "node:fs/promises";
import type { Recording } from "../evaluation/index.js";
import {
  InvalidOptionError,
  type Normalize,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
} from "../index.js";
import { type CascadeReport, trainCascade } from "../learned/index.js";
import { type GoalOptions, goalOf } from "./calibrate/goal.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { withoutKeys } from "./terminal/terminal.js";

export interface TrainOptions extends GoalOptions {
  readonly against: string;
  readonly out: string;
  readonly normalize: string;
  readonly seed: string;
}

/** Runs `multimodel train`: writes a policy, and prints its cross-validated figures. */
export async function train(file: string, options: TrainOptions): Promise<ExitCode> {
  const { against, out, seed } = options;
  const normalize = normalizerOf(options.normalize);
  const target = goalOf(options);
  const recordings = recordingsIn(file, await read(file));
  const score = (text: string, expected: unknown) => {
    const key = normalize(text);
    return key !== "" && key === (normalize(String(expected)) || String(expected));
  };
  const policy = await trainCascade(recordings, { against, normalize, score, target, seed }).catch((error: unknown) => {
    throw InvalidOptionError.isInstance(error) ? new UsageError(error.message, { cause: error }) : error;
  });
  await writeFile(out, `${JSON.stringify(policy, null, 2)}\n`);
  process.stdout.write(withoutKeys(`${summary(policy.report, against)}\nwritten to ${out}\n`));
  return exitCode.done;
}

const plain: Readonly<Record<string, Normalize>> = {
  text: normalizeText,
  number: normalizeNumber,
  yesNo: normalizeYesNo,
  json: normalizeJson(),
};

function normalizerOf(form: string): Normalize {
  const letters = /^choice:([A-Z]+)$/.exec(form)?.[1];
  if (letters !== undefined) return normalizeChoice(letters);
  const known = Object.hasOwn(plain, form) ? plain[form] : undefined;
  if (known === undefined)
    throw new UsageError(`--normalize ${form}: give ${Object.keys(plain).join(", ")} or choice:ABCD`);
  return known;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read; give a JSONL file of recordings`, { cause: error });
  }
}

function recordingsIn(file: string, text: string): Recording[] {
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => {
      const value = parsed(line);
      const { input, answers } = Object(value) as Partial<Recording>;
      if (input !== undefined && typeof answers === "object" && answers !== null) return value as Recording;
      throw new UsageError(
        `${file}: line ${number} is no recording; write {"input":"…","expected":"…","answers":{"small":{"text":"…"}}}`,
      );
    });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function summary(report: CascadeReport, against: string): string {
  const { accuracy, costShare, difference, randomMix, questions, accepted, wrongAccepted } = report;
  const between = ({ low, high }: { low: number; high: number }) => `${percent(low)} to ${percent(high)}`;
  return [
    `${questions} questions, each answered by a policy that was fitted and chosen without it:`,
    `  right        ${percent(accuracy.value)} (${between(accuracy)}), ${against} alone ${percent(report.against)}`,
    `  cost         ${percent(costShare.value)} of ${against} (${between(costShare)})`,
    `  difference   ${percent(difference.value)} (${between(difference)})`,
    `  random mix   ${percent(randomMix)} right at equal cost`,
    ...(accepted && wrongAccepted
      ? [
          `  accepted     ${percent(accepted.value)}, accepted and wrong ${percent(wrongAccepted.value)} (${between(wrongAccepted)})`,
        ]
      : []),
  ].join("\n");
}
