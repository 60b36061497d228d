import type { Calibration, Estimate } from "../../evaluation/index.js";
import type { ThresholdPlace } from "./threshold-place.js";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const range = ({ low, high }: Estimate) => `(${percent(low)} to ${percent(high)})`;

/** Formats a chosen threshold with its cross-validated figures. */
export function calibrationText({ threshold, report }: Calibration, place: ThresholdPlace, end: string): string {
  const { questions, accuracy, costUsd, costShare, accepted, wrongAccepted } = report;
  const cost =
    costUsd.value === 0
      ? "unknown, or nothing"
      : `$${costUsd.value.toPrecision(3)} a question, ${percent(costShare)} of the dearest threshold`;
  return [
    `${place.name}: ${place.value ?? "the default"} -> ${threshold}`,
    `${questions} questions, each answered at a threshold that was chosen without it:`,
    `  right              ${percent(accuracy.value)} ${range(accuracy)}`,
    `  cost               ${cost}`,
    `  accepted           ${percent(accepted.value)} ${range(accepted)}`,
    `  accepted, wrongly  ${percent(wrongAccepted.value)} ${range(wrongAccepted)}`,
    end,
  ].join("\n");
}
