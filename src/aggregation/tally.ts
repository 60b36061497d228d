import { InvalidOptionError } from "../errors/index.js";
import type { VoteSummary } from "../state/orchestration-state.js";
import { callsText, checkedNormalize, type Normalize, normalizeText } from "../text/normalizers/normalize.js";
import type { Aggregate, NamedAnswer } from "./aggregate.js";

/** Options that every vote has. */
export interface VoteOptions {
  /** What makes two answers equal. @default normalizeText */
  readonly normalize?: Normalize;
  /** False where every lane is awaited, as with `stopEarly` of the ensemble. @default true */
  readonly stopEarly?: boolean;
}

/** Reads the options of a vote; `stopping` lets the lanes of one end once it is settled, unless every lane is awaited. */
export function votingBy({ normalize = normalizeText, stopEarly = true }: VoteOptions, vote: string) {
  if (typeof stopEarly !== "boolean") {
    throw new InvalidOptionError(`${vote}.stopEarly`, stopEarly, "give true or false");
  }
  const stopping = (aggregate: Aggregate, settled: NonNullable<Aggregate["settled"]>): Aggregate =>
    stopEarly ? Object.assign(aggregate, { settled }) : aggregate;
  return { normalize: checkedNormalize(normalize, `${vote}.normalize`), stopping };
}

interface Group {
  readonly key: string;
  readonly answers: readonly NamedAnswer[];
  /** How many answers are equal; an answer with nothing to compare has no vote. */
  readonly votes: number;
}

/** Equal answers, counted. */
export interface Tally {
  /** Groups of equal answers, the one with most votes first, ties in key order. */
  readonly groups: readonly Group[];
  readonly votes: Readonly<Record<string, number>>;
  readonly agreement: VoteSummary["agreement"];
}

/** Groups equal answers; one with nothing to compare is a group of its own. */
export function tally(answers: readonly NamedAnswer[], asked: number, normalize: Normalize): Tally {
  const byKey = new Map<string | NamedAnswer, { key: string; answers: NamedAnswer[]; votes: number }>();
  for (const answer of answers) {
    const key = normalize(answer.message) || callsText(answer.message); // no number to read, but the same tools called
    const group = byKey.get(key);
    if (group === undefined)
      byKey.set(key === "" ? answer : key, { key, answers: [answer], votes: key === "" ? 0 : 1 });
    else group.votes = group.answers.push(answer);
  }
  const groups = [...byKey.values()].sort((a, b) => b.votes - a.votes);
  const votes = Object.fromEntries(groups.filter(({ key }) => key !== "").map((group) => [group.key, group.votes]));
  const voters = groups[0]?.votes ?? 0;
  return { groups, votes, agreement: agreementOf({ voters, answered: answers.length, asked }) };
}

interface Leading {
  /** Lanes that gave the leading answer. */
  readonly voters: number;
  readonly answered: number;
  readonly asked: number;
  /** How much of all votes they have, 0..1, where votes are not equal. */
  readonly share?: number;
}

/** How far the lanes agree. */
export function agreementOf({ voters, answered, asked, share = voters / asked }: Leading): VoteSummary["agreement"] {
  if (answered === 1 && asked > 1) return "single";
  if (voters === asked) return "full";
  if (share > 0.5) return "majority";
  return voters > 1 ? "partial" : "none";
}
