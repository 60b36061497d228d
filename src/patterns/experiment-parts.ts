import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import type { NamedModel } from "../models/check-models.js";
import type { Model, ModelEntry } from "../models/model.js";
import { type ResolvedModel, resolve } from "../models/resolve.js";
import { modelsIn } from "../models/shared-profile.js";
import type { Adapt, Reward } from "../routing/adapting/adapt.js";
import { checkedEntries, checkNumber } from "../routing/check-value.js";
import { didYouMean } from "../text/nearest-name.js";

/** Model that answers beside the variants of an experiment, and is not shown. */
export interface Shadow extends ModelEntry {
  /** Share of the runs that it answers, 0..1. @default 1 */
  readonly share?: number;
  /** Milliseconds that a run waits for it after its own answer; it is cancelled then. @default 10_000 */
  readonly maxWaitMs?: number;
  /** Scores the shown answer and that of the shadow. @default the `reward` of `adapt`, if there is one */
  readonly score?: Reward;
}

/** Resolved `shadow` option of an experiment. */
interface ShadowSettings {
  readonly model: ResolvedModel;
  readonly share: number;
  readonly maxWaitMs: number;
  readonly score: Reward | undefined;
}

const shadowKeys = ["share", "maxWaitMs", "score"] as const;

/** Resolves the `shadow` option; `undefined` without one. */
export function shadowOf(given: Model | ModelEntry | Shadow | undefined, option: string): ShadowSettings | undefined {
  if (given === undefined) return undefined;
  const model = resolve(given, option, shadowKeys);
  if (model.kind === "opaque" || (model.subgraph && modelsIn(model.subgraph).some(mayAct))) {
    const expected =
      "an agent, a chain or a graph of your own may act on an answer that is not shown; give a chat model or a pattern of chat models";
    throw new InvalidOptionError(option, given, expected);
  }
  const { share = 1, maxWaitMs = 10_000, score } = model.entry as Shadow;
  checkNumber(
    share,
    `${option}.share`,
    "give a share of the runs above 0, up to 1: 0.1",
    (value) => value > 0 && value <= 1,
  );
  if (!(typeof maxWaitMs === "number" && maxWaitMs >= 0)) {
    throw new InvalidOptionError(
      `${option}.maxWaitMs`,
      maxWaitMs,
      "give ms from 0 up; Infinity waits for every answer",
    );
  }
  refuseFactory(score, `${option}.score`);
  if (score !== undefined && typeof score !== "function") {
    throw new InvalidOptionError(`${option}.score`, score, "give a function of the answer, or a verifier");
  }
  return { model, share, maxWaitMs, score };
}

const mayAct = (model: ResolvedModel | undefined) => model === undefined || model.kind === "opaque";

/** Returns what scores the answers of an experiment. */
export function scoreOf(
  adapt: Adapt | undefined,
  shadow: ShadowSettings | undefined,
  option: string,
): Reward | undefined {
  if (adapt?.score === undefined || shadow?.score === undefined) return adapt?.score ?? shadow?.score;
  throw new InvalidOptionError(option, shadow.score, "the reward of `adapt` scores both answers; leave it out");
}

/** Throws unless a value has the methods that an experiment calls. */
export function checkAdapt(adapt: Adapt | undefined, option: string): void {
  if (adapt === undefined) return;
  refuseFactory(adapt, option);
  const methods = ["begin", "shares", "assign", "fail", "reward"] as const;
  const missing = methods.find((method) => typeof Object(adapt)[method] !== "function");
  if (missing === undefined) return;
  throw new InvalidOptionError(option, adapt, `it has no ${missing}; give thompson({ reward })`);
}

/** Throws unless every model has a weight, and nothing else has one. */
export function checkWeights(
  weights: Readonly<Record<string, number>>,
  models: readonly NamedModel[],
  option: string,
): void {
  const names = models.map(({ name }) => name);
  const weighed = checkedEntries(weights, option, `give each of ${names.join(", ")} a weight`);
  const unknown = weighed.find(([name]) => !names.includes(name));
  if (unknown !== undefined) {
    const expected = `the models are ${names.join(", ")}${didYouMean(unknown[0], names)}`;
    throw new InvalidOptionError(`${option}.${unknown[0]}`, unknown[1], expected);
  }
  const missing = names.find((name) => !Object.hasOwn(weights, name));
  if (missing === undefined) return;
  throw new InvalidOptionError(`${option}.${missing}`, undefined, "give every model a weight; 0 is never chosen");
}
