import { StateSchema } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors/index.js";
import { OrchestrationState } from "./orchestration-state.js";

/** Values of the keys a graph's `state` adds to `OrchestrationState`; empty without `state`. */
export type OwnState = Readonly<Record<string, unknown>>;

/** Fields every state has; one of your own has more. */
export type SharedFields = typeof OrchestrationState.fields;

/** Own keys of a state, as strategies read them: each is unset until something writes it. */
export type OwnOf<Fields extends SharedFields> = {
  readonly [Key in Exclude<keyof Fields, keyof SharedFields>]: StateSchema<Fields>["State"][Key];
};

/** Fields of the own keys of a state. */
export type OwnFields = ConstructorParameters<typeof StateSchema>[0];

const spread = "give new StateSchema({ ...OrchestrationState.fields, customer: z.string() })";

/**
 * Reads the fields a `state` option adds.
 *
 * @throws {InvalidOptionError} when it is no `StateSchema`, lacks a field of `OrchestrationState`, or has another one in its place
 */
export function ownFields(state: unknown, option: string): OwnFields {
  if (state === undefined) return {};
  if (!StateSchema.isInstance(state)) throw new InvalidOptionError(option, state, spread);
  const shared: Readonly<Record<string, unknown>> = OrchestrationState.fields;
  const fields = state.fields as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(shared)) {
    if (fields[key] === shared[key]) continue;
    const wrong = key in fields ? `it has a ${key} of its own` : `it lacks ${key}`;
    throw new InvalidOptionError(option, state, `${wrong}: ${spread}`);
  }
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !(key in shared))) as OwnFields;
}
