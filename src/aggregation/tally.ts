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
  /** Number of equal answers; 0 for an answer with nothing to compare. */
  readonly votes: number;
}

interface Tally {
  /** Groups of equal answers, the one with the most votes first, ties in key order. */
  readonly groups: readonly Group[];
  readonly votes: Readonly<Record<string, number>>;
  readonly agreement: VoteSummary["agreement"];
}

/** Returns what makes an answer equal to another one; answers without text to compare may call the same tools. */
export function voteOf({ message }: NamedAnswer, normalize: Normalize): string {
  return normalize(message) || callsText(message);
}

/** Groups equal answers; an answer with nothing to compare forms its own group. */
export function tally(answers: readonly NamedAnswer[], asked: number, normalize: Normalize): Tally {
  const byKey = new Map<string | NamedAnswer, { key: string; answers: NamedAnswer[]; votes: number }>();
  for (const answer of answers) {
    const key = voteOf(answer, normalize);
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

interface LeadingVotes {
  /** Number of lanes that gave the leading answer. */
  readonly voters: number;
  readonly answered: number;
  readonly asked: number;
  /** Its share of all votes, 0..1. @default `voters / asked` */
  readonly share?: number;
}

export function agreementOf({
  voters,
  answered,
  asked,
  share = voters / asked,
}: LeadingVotes): VoteSummary["agreement"] {
  if (answered === 1 && asked > 1) return "single";
  if (voters === asked) return "full";
  if (share > 0.5) return "majority";
  return voters > 1 ? "partial" : "none";
}
