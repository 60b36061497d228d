import { InvalidArgumentError } from "commander";
import { UsageError } from "../exit-code.js";

/** Options that say what a policy or a threshold is to meet. */
export interface GoalOptions {
  readonly cost?: number | string;
  readonly accuracy?: number | string;
  readonly wrongAccepted?: number | string;
  readonly confidence: number | string;
}

/** What a policy or a threshold is to meet; shares are 0 to 1. */
export type Goal =
  | { readonly costShare: number }
  | { readonly accuracy: number }
  | { readonly wrongAccepted: number; readonly confidence: number };

/** Reads a share above 0 and below 1. */
export function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share < 1) return share;
  throw new InvalidArgumentError("Give a share above 0 and below 1: 0.95.");
}

/** @throws {UsageError} when none or several are given */
export function goalOf({ cost, accuracy, wrongAccepted, confidence }: GoalOptions): Goal {
  const given = [cost, accuracy, wrongAccepted].filter((each) => each !== undefined);
  if (given.length !== 1) throw new UsageError("give one target: --cost, --accuracy or --wrong-accepted");
  if (cost !== undefined) return { costShare: Number(cost) };
  if (accuracy !== undefined) return { accuracy: Number(accuracy) };
  return { wrongAccepted: Number(wrongAccepted), confidence: Number(confidence) };
}
