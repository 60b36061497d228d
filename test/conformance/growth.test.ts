import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  firstAnswer,
  latestOnly,
  type Model,
  majorityVote,
  OrchestrationState,
  weightedVote,
} from "../../src/index.js";

type Run = () => Promise<unknown>;

const model = (answer = "42") => new FakeListChatModel({ responses: [answer] });
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
const modelsFor = <Entry>(count: number, entry: (name: string) => Entry) =>
  Object.fromEntries(names(count).map((name) => [name, entry(name)]));
const question = "How many?";

class Down extends FakeListChatModel {
  override async _generate(): Promise<never> {
    throw Object.assign(new Error("overloaded"), { status: 503 });
  }
}
const down = () => ({ model: new Down({ responses: [""] }), retry: false, breaker: false }) as const;

/** CPU milliseconds of one run. */
async function cpuOf(run: Run): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** What a run of a size is made of, and the size whose four-fold is compared with it. */
const growing: Readonly<Record<string, readonly [size: number, (size: number) => Run]>> = {
  "lanes of a majority vote, all different": [
    200,
    (size) => {
      const graph = createEnsemble({ models: modelsFor(size, model), aggregate: majorityVote() }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "lanes of a weighted vote, all different": [
    128,
    (size) => {
      const aggregate = weightedVote({ weights: { n0: 2 } });
      const graph = createEnsemble({ models: modelsFor(size, model), aggregate }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "items of a map-reduce": [
    250,
    (size) => {
      const reduce = ({ outputs }: { outputs: readonly unknown[] }) => `${outputs.length} parts`;
      const graph = createMapReduce({ plan: () => names(size), worker: model(), reduce, maxItems: size }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "messages of a conversation": [
    1_000,
    (size) => {
      const earlier = names(size).map((text, at) => (at % 2 === 0 ? new HumanMessage(text) : new AIMessage(text)));
      const graph = createFallback({ models: { first: down(), second: down(), third: model() } }).compile();
      return () => graph.invoke({ messages: [...earlier, new HumanMessage(question)] });
    },
  ],
  "models of a chain that all but one fail": [
    40,
    (size) => {
      const models: Record<string, ReturnType<typeof down> | Model> = { ...modelsFor(size, down), last: model() };
      const graph = createFallback({ models }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "rungs of a cascade": [
    40,
    (size) => {
      const verify = check(({ answer }) => answer.text === `n${size - 1}`);
      const graph = createCascade({ models: modelsFor(size, model), verify }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "revisions of a quality gate": [
    40,
    (size) => {
      let drafts = 0;
      const verify = check(() => ++drafts % size === 0);
      const graph = createQualityGate({ model: model(), verify, maxRevisions: size }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "stages of a pipeline": [
    40,
    (size) => {
      const graph = createPipeline({ stages: modelsFor(size, model), context: latestOnly() }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "patterns within one another": [
    10,
    (size) => {
      let inner: Model = model();
      for (const name of names(size)) inner = createRouter({ models: { [name]: inner }, route: () => name });
      const graph = createRouter({ models: { inner }, route: () => "inner" }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
  "turns on a thread": [
    12,
    (size) => {
      const graph = createRouter({ models: { only: model() }, route: () => "only" }).compile({
        checkpointer: new MemorySaver(),
      });
      let thread = 0;
      return async () => {
        thread++;
        for (const turn of names(size))
          await graph.invoke({ messages: turn }, { configurable: { thread_id: `thread ${thread}` } });
      };
    },
  ],
  "calls of a strategy": [
    250,
    (size) => {
      const judge = model();
      const graph = createEnsemble({
        models: { a: model(), b: model() },
        aggregate: async (turn) => {
          for (const name of names(size)) await turn.ask([new HumanMessage(name)], { model: judge });
          return firstAnswer()(turn);
        },
      }).compile();
      return () => graph.invoke({ messages: question });
    },
  ],
};

describe("the CPU of a run", () => {
  it.each(Object.entries(growing))(
    "with four times as many %s grows less than sixfold",
    async (_what, [size, runOf]) => {
      const [few, many] = [runOf(size), runOf(4 * size)];
      await few(); // compiles
      const rounds: number[] = [];
      for (let round = 0; round < 5; round++) rounds.push(await cpuOf(few));
      const usual = rounds.sort((one, other) => one - other)[2]!;
      let ratio = Infinity;
      for (let attempt = 0; attempt < 8 && ratio >= 6; attempt++) {
        ratio = Math.min(ratio, (await cpuOf(many)) / usual); // what disturbs a measurement only adds to it
      }
      expect(ratio).toBeLessThan(6);
    },
    120_000,
  );

  it("reads each line of the ledger once, however many tasks write to it", async () => {
    const line = (index: number) => ({ id: `c${index}`, path: "p", model: "m", status: "ok", latencyMs: 1 });
    const channel = OrchestrationState.getChannels().calls!;
    const reads = (size: number) => {
      let count = 0;
      const calls = channel.fromCheckpoint();
      for (let index = 0; index < size; index++) {
        const { id, ...rest } = line(index);
        calls.update([
          [
            {
              ...rest,
              get id() {
                count++;
                return id;
              },
            } as never,
          ],
        ]);
      }
      expect(calls.get()).toHaveLength(size);
      return count;
    };
    expect(reads(1_000)).toBeLessThan(10 * 1_000);
  });
});
