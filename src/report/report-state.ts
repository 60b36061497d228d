import { z } from "zod";
import { readableCall } from "../drawing/readable-call.js";
import { InvalidOptionError } from "../errors/index.js";
import { givenCalls } from "../ledger/given-calls.js";
import type { ModelCall } from "../ledger/model-call.js";
import { Decision } from "../state/decision.js";
import { Verdict } from "../state/verdict.js";
import { named } from "./html.js";

const Draft = z.object({
  name: z.string(),
  message: z.unknown(),
  modelUsed: z.string().nullish(),
  verdict: Verdict.nullish(),
});
const Output = z.object({ stage: z.string(), message: z.unknown(), item: z.string().nullish() });
const Failure = z.object({ name: z.string(), class: z.string(), message: z.string(), status: z.number().nullish() });

const lists = { decisions: Decision, candidates: Draft, outputs: Output, failures: Failure } as const;
type Lists = { readonly [Name in keyof typeof lists]: readonly z.infer<(typeof lists)[Name]>[] };

/** The final state of a run, or a part of it with its ledger; also read back from JSON. */
export interface ReportState {
  readonly calls: readonly ModelCall[];
  readonly messages?: unknown;
  readonly modelUsed?: string | null | undefined;
  readonly route?: string | null | undefined;
  readonly confidence?: number | null | undefined;
  readonly decisions?: readonly unknown[] | null | undefined;
  readonly candidates?: readonly unknown[] | null | undefined;
  readonly outputs?: readonly unknown[] | null | undefined;
  readonly failures?: readonly unknown[] | null | undefined;
}

/** A state whose parts have been checked. */
export interface CheckedState extends Lists {
  readonly calls: readonly ModelCall[];
  readonly messages: unknown;
  readonly modelUsed: string | undefined;
  readonly route: string | undefined;
  readonly confidence: number | undefined;
}

/**
 * Checks the parts of a state that a report shows.
 *
 * @throws {InvalidOptionError} with the first entry that is not valid
 */
export function checkedState(state: ReportState, owner: string): CheckedState {
  const calls = givenCalls(state, owner).map(readableCall);
  const given = (Array.isArray(state) ? { calls: state } : state) as ReportState;
  const { messages, modelUsed, route, confidence } = given;
  const checked = Object.entries(lists).map(([name, schema]) => [
    name,
    entriesOf(given, name as keyof Lists, schema, owner),
  ]);
  return {
    ...(Object.fromEntries(checked) as Lists),
    ...{ calls, messages },
    modelUsed: typeof modelUsed === "string" ? named(modelUsed) : undefined,
    route: typeof route === "string" ? route : undefined,
    confidence: typeof confidence === "number" ? confidence : undefined,
  };
}

function entriesOf(given: ReportState, name: keyof Lists, schema: z.ZodType, owner: string): readonly unknown[] {
  const list: unknown = given[name] ?? [];
  if (!Array.isArray(list)) throw new InvalidOptionError(`${owner}.${name}`, list, "give the final state of a run");
  const wrong = list.findIndex((entry) => !schema.safeParse(entry).success);
  if (wrong < 0) return list;
  throw new InvalidOptionError(`${owner}.${name}[${wrong}]`, list[wrong], `give the ${name} of a run as they are`);
}
