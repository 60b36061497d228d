import { type ConnectionField, connectionFields } from "../../models/client-kind.js";
import type { ProviderName } from "../../models/client-kinds.js";
import { providers } from "../models/providers.js";
import type { Data } from "../text/value-at.js";
import type { Origin } from "./origins.js";
import { isPresent, notRead, type Places, type Warning } from "./translated.js";

/** Another system's names for our fields, the usual one first; our own name is accepted too. `price.input` is a nested field. */
export type FieldNames = Readonly<Record<string, readonly string[]>>;

/** Fields of another system's object, under our names. */
export interface ForeignFields {
  readonly fields: Record<string, unknown>;
  /** Includes missing fields, which errors call by their usual name in the file. */
  readonly origins: readonly Origin[];
  /** Fields with unknown names. */
  readonly rest: Data;
}

export function foreignFields(given: Data, names: FieldNames, { theirs, ours }: Places): ForeignFields {
  const fields: Record<string, unknown> = {};
  const origins: Origin[] = [];
  const rest = Object.fromEntries(Object.entries(given).filter(([, value]) => isPresent(value)));
  for (const [field, others] of Object.entries(names)) {
    const [holder, inner] = field.split(".") as [string, string?];
    const spellings = inner === undefined ? [...others, field] : others;
    const written = spellings.find((name) => Object.hasOwn(rest, name));
    const place = inner === undefined ? [...ours, field] : [...ours, holder, inner];
    origins.push([place, [...theirs, written ?? spellings[0]!]]);
    if (written === undefined) continue;
    fields[holder] = inner === undefined ? rest[written] : { ...(fields[holder] as Data), [inner]: rest[written] };
    delete rest[written];
  }
  return { fields, origins, rest };
}

/** Drops the names of fields that a provider does not have, such as OpenAI's `project`. */
export function namesFor(provider: string | undefined, names: FieldNames): FieldNames {
  if (provider === undefined || !Object.hasOwn(providers, provider)) return names;
  const { connectionFields: own } = providers[provider as ProviderName];
  const useless = connectionFields.filter((field) => !own.includes(field));
  return Object.fromEntries(
    Object.entries(names).filter(([field]) => !useless.includes(field.split(".")[0] as ConnectionField)),
  );
}

/** Makes a warning of each field that is dropped. */
export function leftOut(rest: Data, theirs: Places["theirs"]): Warning[] {
  return Object.keys(rest).map((name) => ({ path: [...theirs, name], message: notRead }));
}
