import type { RunnableConfig } from "@langchain/core/runnables";
import { rehearsalKey } from "../langgraph/rehearsal-key.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** A call that a run would make, or a model that it would skip. */
export interface Rehearsed {
  readonly kind: "call" | "skip";
  /** Path of the model's node. */
  readonly path: string;
  /** Path of the node that decided it. */
  readonly by: string;
  readonly role?: ModelCall["role"];
  readonly model?: string | undefined;
  readonly reason?: string | undefined;
  /** Dollars of a usual answer; `null` if the price is unknown. */
  readonly expectedUsd: number | null;
  /** Most dollars, with every retry; `null` if the price is unknown. */
  readonly worstUsd: number | null;
}

/** A choice among models that is not known before the run. */
export interface Drawn {
  /** Path of the node that chooses, and the number of its visit. */
  readonly key: string;
  readonly chosen: string;
  /** Probability of each model. */
  readonly shares: Readonly<Record<string, number>>;
  /** False where only a call could tell, so that all models count the same. */
  readonly isKnown: boolean;
}

/** How the models of a rehearsal answer. */
export interface Script {
  /**
   * `answers`: every answer is accepted. `rejected`: no answer passes a verifier. `fails`: no model answers. `thorough`: each pattern
   * calls what it can, and then fails as a whole; what a verifier or an aggregate weighs is answered.
   */
  readonly outcome: "answers" | "rejected" | "fails" | "thorough";
  /** Calls that answer even so. */
  readonly spared: ReadonlySet<string>;
  /** Models that are drawn, by the key of the choice. */
  readonly drawn: ReadonlyMap<string, string>;
  /** True if classifiers, embedders and trained routers are called. */
  readonly classify: boolean;
  /** Choices that cost a call, kept for the other rehearsals of one explanation. */
  readonly paid: Map<string, Paid>;
}

interface Answering {
  readonly role: ModelCall["role"];
  /** True if the answer is judged or weighed before it is returned. */
  readonly material?: boolean | undefined;
}

interface Paid {
  readonly choice: object;
  readonly calls: readonly Rehearsed[];
}

/** One choice of a route. */
interface Choosing {
  readonly rehearsal: Rehearsal;
  readonly key: string;
  readonly calls: Rehearsed[];
  isRefused: boolean;
  isPaid: boolean;
}

const choosingKey = "__multimodel_choosing";

/** One walk through the nodes of a graph in which models are not called, but answer as a script says. */
export class Rehearsal {
  readonly events: Rehearsed[] = [];
  readonly draws: Drawn[] = [];
  /** Keys of the calls that failed, in their order. */
  readonly failed: string[] = [];
  /** Keys of the calls that have to answer in the next rehearsal. */
  readonly toSpare = new Set<string>();
  private readonly visits = new Map<string, number>();
  private readonly reasons = new Map<string, string>();

  constructor(readonly script: Script) {}

  /** Notes a call. */
  call(call: Omit<Rehearsed, "kind" | "reason">): void {
    this.events.push({ kind: "call", ...call, reason: this.reasons.get(call.path) });
  }

  /** Returns true if a call answers, or a pattern whose nodes have answered. */
  answers(path: string, { role, material = false }: Answering, isPattern = false): boolean {
    const { outcome, spared } = this.script;
    const isThorough = outcome === "thorough";
    const canFail = (isThorough || (outcome === "fails" && !isPattern)) && (role === "answer" || role === "aggregator");
    if (!canFail || (isThorough && material)) return true;
    const key = this.keyOf(`call ${path}`);
    if (spared.has(key)) return true;
    this.failed.push(key);
    return false;
  }

  /** Notes that a pattern ended in an error: where all is to be tried, the last of its models has to answer. */
  endedEarly(path: string): void {
    const last = this.failed.findLast((key) => key.startsWith(`call ${path}/`));
    if (this.script.outcome === "thorough" && last !== undefined) this.toSpare.add(last);
  }

  skip(path: string, by: string, reason: string): void {
    this.events.push({ kind: "skip", path, by, reason, expectedUsd: 0, worstUsd: 0 });
  }

  /** Notes a decision of a node; `path` is that of the model it is about. */
  decide({ kind, reason }: Pick<Decision, "kind" | "reason">, path: string, by: string): void {
    if (kind === "skip") this.skip(path, by, reason);
    else this.reasons.set(path, reason);
  }

  /**
   * Makes a choice with a route. One that would need a call is drawn, unless the script pays for it.
   *
   * @param choose runs the route, with an addition to `configurable` by which it finds this rehearsal
   */
  async choose<Choice extends { readonly name?: unknown }>(
    path: string,
    names: readonly string[],
    choose: (choosing: Readonly<Record<string, unknown>>) => Promise<Choice>,
  ): Promise<Choice> {
    const key = this.keyOf(path);
    const paid = this.script.paid.get(key);
    if (paid !== undefined) {
      this.events.push(...paid.calls);
      return paid.choice as Choice;
    }
    const choosing: Choosing = { rehearsal: this, key, calls: [], isRefused: false, isPaid: false };
    const choice = await choose({ [choosingKey]: choosing }).catch((error: unknown) => {
      if (choosing.isRefused) return {} as Choice; // of the refusal
      throw error;
    });
    if (choosing.isRefused) {
      const shares = Object.fromEntries(names.map((name) => [name, 1 / names.length]));
      return { ...choice, name: this.draw(key, shares, false), reason: notClassified } as Choice;
    }
    if (choosing.isPaid) this.script.paid.set(key, { choice, calls: choosing.calls });
    return choice;
  }

  /** Draws as the script says, else the first model with a share. */
  draw(key: string, shares: Readonly<Record<string, number>>, isKnown = true): string {
    const first = Object.keys(shares).find((name) => shares[name]! > 0)!;
    const chosen = this.script.drawn.get(key) ?? first;
    this.draws.push({ key, chosen, shares, isKnown });
    return chosen;
  }

  private keyOf(path: string): string {
    const visit = (this.visits.get(path) ?? 0) + 1;
    this.visits.set(path, visit);
    return `${path} ${visit}`;
  }
}

const notClassified = "one of several: what chooses is called with `classify: true` only";

/** Returns the rehearsal that a node runs in. */
export function rehearsalOf({ configurable }: RunnableConfig): Rehearsal | undefined {
  return configurable?.[rehearsalKey] as Rehearsal | undefined;
}

/** Returns the choice that a route makes in a rehearsal. */
export function choosingOf({ configurable }: RunnableConfig): Choosing | undefined {
  return configurable?.[choosingKey] as Choosing | undefined;
}

/** Returns true in a rehearsal that does not pay for choices; the route then makes no decision. */
export function refusesToClassify(config: RunnableConfig): boolean {
  const choosing = choosingOf(config);
  if (choosing === undefined) return false;
  if (choosing.rehearsal.script.classify) choosing.isPaid = true;
  else choosing.isRefused = true;
  return choosing.isRefused;
}

/** Returns the model that a rehearsal draws by these shares; `undefined` outside one. */
export function drawnInRehearsal(config: RunnableConfig, shares: Readonly<Record<string, number>>): string | undefined {
  const choosing = choosingOf(config);
  return choosing?.rehearsal.draw(choosing.key, shares);
}

/** Removes the rehearsal from a configuration, for a call that is really made. */
export function withoutRehearsal<Config extends RunnableConfig>(config: Config): Config {
  return {
    ...config,
    configurable: { ...config.configurable, [rehearsalKey]: undefined, [choosingKey]: undefined },
  };
}
