import { type Reach, reachFields } from "../../models/client-kind.js";
import type { ProviderName } from "../../models/client-kinds.js";
import { providers } from "../models/providers.js";
import type { Move } from "./moves.js";
import { type Data, isThere, notRead, type Places, type Warning } from "./translated.js";

/**
 * What another system calls our fields, its usual name first; our own name is understood too. `price.input` is the field of a
 * field.
 */
export type FieldNames = Readonly<Record<string, readonly string[]>>;

/** Fields of an object of another system, under our names. */
export interface ForeignFields {
  readonly fields: Record<string, unknown>;
  /** Also of fields that are not there: what is missing is missing under its usual name. */
  readonly moves: readonly Move[];
  /** What has another name. */
  readonly rest: Data;
}

export function foreignFields(given: Data, names: FieldNames, { theirs, ours }: Places): ForeignFields {
  const fields: Record<string, unknown> = {};
  const moves: Move[] = [];
  const rest = Object.fromEntries(Object.entries(given).filter(([, value]) => isThere(value)));
  for (const [field, others] of Object.entries(names)) {
    const [holder, inner] = field.split(".") as [string, string?];
    const spellings = inner === undefined ? [...others, field] : others;
    const written = spellings.find((name) => Object.hasOwn(rest, name));
    const place = inner === undefined ? [...ours, field] : [...ours, holder, inner];
    moves.push([place, [...theirs, written ?? spellings[0]!]]);
    if (written === undefined) continue;
    fields[holder] = inner === undefined ? rest[written] : { ...(fields[holder] as Data), [inner]: rest[written] };
    delete rest[written];
  }
  return { fields, moves, rest };
}

/** The names without those of fields that mean nothing to a provider: `project` to OpenAI. */
export function namesFor(provider: string | undefined, names: FieldNames): FieldNames {
  if (provider === undefined || !Object.hasOwn(providers, provider)) return names;
  const { reach } = providers[provider as ProviderName];
  const useless = reachFields.filter((field) => !reach.includes(field));
  return Object.fromEntries(Object.entries(names).filter(([field]) => !useless.includes(field.split(".")[0] as Reach)));
}

/** Says of each field that nothing is made of it. */
export function leftOut(rest: Data, theirs: Places["theirs"]): Warning[] {
  return Object.keys(rest).map((name) => ({ path: [...theirs, name], message: notRead }));
}
