import { type Drawn, Rehearsal, type Rehearsed, type Script } from "../calls/rehearsal.js";
import { isCallFailure, NoRouteError, StepLimitError } from "../errors/index.js";
import type { CompiledPattern } from "../langgraph/compiled-pattern.js";
import { runRehearsal } from "../langgraph/rehearsal.js";
import type { RunContext } from "../state/run-context.js";

/** What a run does after one set of choices that are not known before. */
export interface Walk {
  /** Probability of these choices. */
  readonly share: number;
  /** False if only a call could tell the probability. */
  readonly isKnown: boolean;
  readonly route: string | undefined;
  /** Where every model answers and every answer is accepted. */
  readonly expected: readonly Rehearsed[];
  /** The same, where no answer is accepted, and where models fail. */
  readonly others: readonly (readonly Rehearsed[])[];
  /** Why the run would end without an answer now. */
  readonly error: Error | undefined;
}

export interface WalkOptions {
  readonly context: RunContext | undefined;
  readonly classify: boolean;
}

/** Most walks of one explanation; further choices are left out. */
const mostWalks = 64;
/** Most tries to find which models have to answer for a run to reach its end. */
const mostTries = 100;

/** Walks through a graph once for each set of choices that chance makes. */
export async function walksOf(
  graph: CompiledPattern,
  input: object,
  { context, classify }: WalkOptions,
): Promise<readonly Walk[]> {
  const paid: Script["paid"] = new Map();
  const walk = (script: Pick<Script, "outcome" | "drawn"> & Partial<Script>) =>
    walkOnce(graph, input, context, { spared: new Set(), classify, paid, ...script });
  const walks: Walk[] = [];
  const open: Script["drawn"][] = [new Map()];
  for (let drawn = open.shift(); drawn !== undefined && walks.length < mostWalks; drawn = open.shift()) {
    const { rehearsal, state, error } = await walk({ outcome: "answers", drawn });
    const { draws, events } = rehearsal;
    open.push(...alternativesTo(draws, drawn));
    const same = new Map(draws.map(({ key, chosen }) => [key, chosen]));
    const rejected = await walk({ outcome: "rejected", drawn: same });
    const failing = await lastWalk((spared) => walk({ outcome: "fails", drawn: same, spared }));
    const thorough = await lastWalk((spared) => walk({ outcome: "thorough", drawn: same, spared }));
    walks.push({
      share: draws.reduce((share, { shares, chosen }) => share * (shares[chosen] ?? 0), 1),
      isKnown: draws.every(({ isKnown }) => isKnown),
      ...{ route: state?.route ?? undefined, expected: events, error },
      others: [rejected.rehearsal.events, thorough.events, failing.events],
    });
  }
  return walks;
}

/** Lists the choices beside those of a walk, with all choices before them as they were. */
function alternativesTo(draws: readonly Drawn[], known: Script["drawn"]): Script["drawn"][] {
  return draws.flatMap(({ key, chosen, shares }, index) => {
    if (known.has(key)) return [];
    const before = draws.slice(0, index).map((draw) => [draw.key, draw.chosen] as const);
    const others = Object.keys(shares).filter((name) => name !== chosen && shares[name]! > 0);
    return others.map((name) => new Map([...before, [key, name] as const]));
  });
}

interface Walked {
  readonly rehearsal: Rehearsal;
  readonly state: { readonly route?: string | null } | undefined;
  readonly error: Error | undefined;
}

async function walkOnce(
  graph: CompiledPattern,
  input: object,
  context: RunContext | undefined,
  script: Script,
): Promise<Walked> {
  const rehearsal = new Rehearsal(script);
  try {
    const state = await runRehearsal(graph, input, { rehearsal, ...(context && { context }) });
    return { rehearsal, state: state as Walked["state"], error: undefined };
  } catch (error) {
    if (!endsRun(error)) throw error; // a mistake, such as an input without messages
    return { rehearsal, state: undefined, error };
  }
}

/** Repeats a walk in which models fail, until those answer without which a pattern would end before its end. */
async function lastWalk(walk: (spared: ReadonlySet<string>) => Promise<Walked>): Promise<Rehearsal> {
  const spared = new Set<string>();
  for (let tries = 0; ; tries++) {
    const { rehearsal, error } = await walk(spared);
    const last = error === undefined ? undefined : rehearsal.failed.at(-1);
    const more = rehearsal.toSpare.size > 0 || last === undefined ? [...rehearsal.toSpare] : [last];
    if (more.length === 0 || tries === mostTries) return rehearsal;
    for (const key of more) spared.add(key);
  }
}

function endsRun(error: unknown): error is Error {
  return isCallFailure(error) || NoRouteError.isInstance(error) || StepLimitError.isInstance(error);
}
