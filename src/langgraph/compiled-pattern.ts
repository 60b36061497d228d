import { CompiledStateGraph, isCommand, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { checkContext } from "../state/check-context.js";
import { settingsOf } from "../state/graph-settings.js";
import { withHandEdits, withUpdate } from "../state/hand-edits.js";
import { ambientConfig } from "./ambient-config.js";
import { keepFailedRun } from "./failed-run.js";
import { type FastPlan, fastPlan } from "./fast-plan.js";
import { runUnobserved } from "./fast-run.js";
import { ownSignal, thenDo } from "./own-signal.js";
import { isForNested, isWithinRun } from "./private-keys.js";
import { rehearsalKey } from "./rehearsal-key.js";
import { configuredLimit } from "./step-limit.js";
import { marksOfRun } from "./trace-marks.js";
import { rehearsalConfig, unobservedConfig } from "./unobserved.js";
import { withoutTracers } from "./without-tracers.js";

/** Limit that LangChain and LangGraph fill in for an unset one, as in batches, sequences and event streams. */
const defaultLimit = 25;

type Compiled = CompiledStateGraph<unknown, unknown>;
type StreamInput = Parameters<Compiled["stream"]>[0];
export type PatternFields = ConstructorParameters<typeof CompiledStateGraph<unknown, unknown>>[0] & {
  readonly depth: number;
};

/**
 * Compiled pattern. Its options bound the number of steps, so it needs no `recursionLimit`. Its nodes keep a limit set by the caller
 * and return the best answer so far. LangGraph's own limit is raised above both, because LangGraph throws there and the work is lost.
 */
export class CompiledPattern extends CompiledStateGraph<unknown, unknown> {
  readonly depth: number;
  private readonly plan: FastPlan | undefined;
  /** Releases the caller's signal of the run that `stream` opens; LangGraph makes its iterator before it first waits. */
  private opening: (() => void) | undefined;

  constructor({ depth, ...fields }: PatternFields) {
    super(fields);
    this.depth = depth;
    this.plan = fastPlan(this);
  }

  /** True if the graph has nothing that only LangGraph's loop understands, such as a node of the user. */
  get isPlain(): boolean {
    return this.plan !== undefined;
  }

  /** Runs the graph: without LangGraph's loop if nothing observes the run, which takes about half of the CPU. */
  override async invoke(input: StreamInput, options?: Parameters<Compiled["invoke"]>[1]): Promise<never> {
    return this.run(input, options) as Promise<never>;
  }

  /** Runs the graph as a part of a step around, also where callbacks hear of its calls; with a checkpointer around, as `invoke`. */
  async runWithin(input: StreamInput, options: LangGraphRunnableConfig): Promise<unknown> {
    return this.run(input, options as Parameters<Compiled["invoke"]>[1], true);
  }

  private async run(input: StreamInput, options: Parameters<Compiled["invoke"]>[1], within = false): Promise<unknown> {
    const run = this.asGiven(options as LangGraphRunnableConfig | undefined);
    const given = this.bounded(input, run);
    const isRehearsal = given.configurable?.[rehearsalKey] !== undefined;
    if (isRehearsal && this.plan) return runUnobserved(this.plan, this, input, rehearsalConfig(this, given));
    const config = this.plan && unobservedConfig(this, input, given, within);
    if (this.plan === undefined || config === undefined) return super.invoke(input, run as typeof options);
    return runUnobserved(this.plan, this, input, config);
  }

  // `never` fits the return type of every stream mode
  override async stream(input: StreamInput, options?: Parameters<Compiled["stream"]>[1]): Promise<never> {
    const bounded = this.bounded(input, this.asGiven(options as LangGraphRunnableConfig | undefined));
    const own = bounded.signal && ownSignal(bounded.signal);
    this.opening = own?.release;
    const stream = super.stream(input, { ...bounded, ...(own && { signal: own.signal }) } as typeof options);
    this.opening = undefined;
    stream.catch(() => own?.release());
    return stream as Promise<unknown> as Promise<never>;
  }

  /** Keeps the run of a graph with a privacy rule from tracers. */
  private asGiven(options: LangGraphRunnableConfig | undefined): LangGraphRunnableConfig | undefined {
    const { privacy } = settingsOf(this.builder) ?? {};
    return privacy === undefined
      ? options
      : withoutTracers(options, this.config as LangGraphRunnableConfig | undefined);
  }

  /** Adds the limit of steps to the options of a run. */
  private bounded(input: unknown, given: LangGraphRunnableConfig | undefined): LangGraphRunnableConfig {
    checkContext(given?.context); // LangGraph's own error would name no option
    const limit = limitOf(given) ?? limitOf(this.config);
    const isResumed = input === null || isCommand(input);
    return {
      ...given,
      ...(given !== undefined && !isWithinRun(given.configurable) ? marksOfRun(given) : {}),
      recursionLimit: Math.max(0, Number(limit ?? 0) || 0) + this.depth + defaultLimit, // leaves room for nodes added to the pattern
      configurable: { ...given?.configurable, ...configuredLimit(limit, isResumed) },
    };
  }

  /** Runs the graph; if it throws, the thread keeps what was paid. */
  override _streamIterator(...given: Parameters<Compiled["_streamIterator"]>) {
    const loop = leftQuietly(super._streamIterator(...given));
    const run = this.opening === undefined ? loop : thenDo(loop, this.opening);
    const { checkpointer: saver, config } = this;
    const configurable = { ...config?.configurable, ...given[1]?.configurable };
    const { thread_id: id } = configurable;
    if (typeof saver !== "object" || id === undefined || isWithinRun(configurable)) return run;
    const next = async () => (await this.getState({ configurable: { thread_id: id } })).next;
    const { signal } = given[1] ?? {};
    return orElse(run, (error) => keepFailedRun({ saver, id, next }, signal?.aborted ? signal.reason : error));
  }

  /** Updates a thread, by `updateState` too, and notes in `decisions` what was changed by hand. */
  override async bulkUpdateState(...[config, steps]: Parameters<Compiled["bulkUpdateState"]>) {
    if (isForNested(config.configurable)) return super.bulkUpdateState(config, steps);
    let { values: state } = await this.getState(config);
    const noted = steps.map(({ updates }) => ({
      updates: updates.map(({ values, ...update }) => {
        const before = state;
        state = withUpdate(before, values);
        return { ...update, values: withHandEdits(values, before, update.asNode) as typeof values };
      }),
    }));
    return super.bulkUpdateState(config, noted);
  }
}

/** Returns the limit set for this graph, but not the default or the limit of an outer graph. */
function limitOf({ recursionLimit: limit, configurable }: LangGraphRunnableConfig = {}): number | undefined {
  if (limit === undefined || limit === defaultLimit) return undefined;
  const around = ambientConfig();
  return isWithinRun(configurable ?? around?.configurable) && (around === undefined || around.recursionLimit === limit)
    ? undefined
    : limit;
}

/**
 * Lets a reader leave a stream without an error. LangGraph aborts the run then, and where that is over before the reader has left, the
 * end of the loop over an errored stream rejects.
 */
function leftQuietly<Chunk>(loop: AsyncGenerator<Chunk>): AsyncGenerator<Chunk> {
  const leave = loop.return.bind(loop);
  loop.return = (value) => leave(value).catch(async () => ({ done: true, value: await value }));
  return loop;
}

/** Waits for `failed` before an error of the run is thrown, whatever becomes of it. */
async function* orElse<Chunk>(run: AsyncGenerator<Chunk>, failed: (error: unknown) => Promise<void>) {
  try {
    yield* run;
  } catch (error) {
    await failed(error).catch(() => undefined); // an error of the checkpointer must not hide this one, which has the ledger too
    throw error;
  }
}
