import type { Outlook } from "./outlook.js";
import type { Lengths } from "./read-recordings.js";
import type { CascadeReport } from "./report.js";
import type { Selected } from "./select.js";
import { type Decider, deciderOf } from "./walk.js";

export const CASCADE_FORMAT = "langgraph-multimodel/trained-cascade";
export const CASCADE_VERSION = 1;

/** Counts of second answers that could be compared with the first, and that were equal to it. */
export interface Agreement {
  readonly compared: number;
  readonly agreed: number;
}

/** A trained cascade as it is stored: numbers and names. Lists are by model. */
export interface Policy {
  /** Name of the function that brings answers into the form that is compared. */
  readonly normalizer: string;
  readonly models: readonly string[];
  /** Model that costs are a share of. */
  readonly against: string;
  readonly first: string;
  readonly abilities: readonly number[];
  readonly slopes: readonly number[];
  readonly same: number;
  readonly costs: readonly number[];
  readonly blanks: readonly number[];
  readonly outlook: Outlook;
  readonly lengths: Lengths;
  /** Right answers that one call of the strong model is worth, for the two policies that are mixed. */
  readonly tradeoffs: readonly [cheap: number, dear: number];
  /** Share of questions that get the dear one. */
  readonly share: number;
  /** Least probability of an accepted answer. @default every answer is accepted */
  readonly threshold?: number;
  /** Of the recordings, measured on held-out questions. */
  readonly agreement: Agreement;
  readonly report: CascadeReport;
}

/** Rounds to nine digits, which survive a JSON round trip. */
const rounded = (value: number) => Number(value.toPrecision(9));

/** Takes what a selection decided, as numbers. */
export function policyOf(
  { fit, mix }: Selected,
  names: readonly string[],
  rest: Pick<Policy, "normalizer" | "against" | "lengths" | "threshold" | "agreement" | "report">,
): Policy {
  const { lengths, tags, difficulty, deviation, costs } = fit.outlookOf(mix.first);
  return {
    ...rest,
    models: names,
    first: names[mix.first]!,
    abilities: Array.from(fit.answers.abilities, rounded),
    slopes: Array.from(fit.answers.slopes, rounded),
    same: rounded(fit.same),
    costs: fit.costs.map(rounded),
    blanks: fit.blanks.map(rounded),
    outlook: {
      lengths: lengths.map(([mean, spread]) => [rounded(mean), rounded(spread)] as const),
      tags,
      difficulty: difficulty.map(rounded),
      deviation: rounded(deviation),
      costs: costs.map((weights) => weights?.map(rounded) ?? null),
    },
    tradeoffs: [mix.cheap.tradeoff, mix.dear.tradeoff],
    share: rounded(mix.share),
  };
}

/** Makes a policy ready to decide. */
export function deciderFor({ abilities, slopes, same, costs, blanks, outlook }: Policy): Decider {
  const answers = { abilities: Float64Array.from(abilities), slopes: Float64Array.from(slopes) };
  return deciderOf({ answers, same, costs, blanks, outlookOf: () => outlook });
}
