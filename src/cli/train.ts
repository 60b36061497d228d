import { writeFile } from "node:fs/promises";
import { loadRecordings, type Recording } from "../evaluation/index.js";
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
  const recordings = recordingsIn(file);
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

function recordingsIn(file: string): Recording[] {
  try {
    return loadRecordings(file);
  } catch (error) {
    if (!InvalidOptionError.isInstance(error)) throw error;
    throw new UsageError(error.message.replace(/^loadRecordings\.file is [^;]+; /, `${file}: `), { cause: error });
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const points = (share: number) => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)} pt`;

function summary(report: CascadeReport, against: string): string {
  const { accuracy, costShare, difference, randomMix, questions, accepted, wrongAccepted } = report;
  const between = ({ low, high }: { low: number; high: number }) => `${percent(low)} to ${percent(high)}`;
  const [lead, least, most] = [difference.value, difference.low, difference.high].map(points);
  return [
    `${questions} questions, each answered by a policy that was fitted and chosen without it:`,
    `  right        ${percent(accuracy.value)} (${between(accuracy)}), ${against} alone ${percent(report.against)}`,
    `  cost         ${percent(costShare.value)} of ${against} (${between(costShare)})`,
    `  difference   ${lead} (${least} to ${most})`,
    `  random mix   ${percent(randomMix)} right at equal cost`,
    ...(accepted && wrongAccepted
      ? [
          `  accepted     ${percent(accepted.value)}, accepted and wrong ${percent(wrongAccepted.value)} (${between(wrongAccepted)})`,
        ]
      : []),
  ].join("\n");
}
