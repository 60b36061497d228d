// One measuring process: figures that are no CPU. Needs --expose-gc.
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { MemorySaver } from "@langchain/langgraph";
import { createRouter } from "langgraph-multimodel";
import { routerByHand } from "./by-hand.js";
import { type Graph, route, routers } from "./pairs.js";
import { answer, type Fact, question } from "./protocol.js";
import { median } from "./statistics.js";

const collect = globalThis.gc!;
const heap = () => process.memoryUsage().heapUsed;
const input = () => ({ messages: [new HumanMessage(question)] });

/** Milliseconds until the first token of a stream. */
async function firstToken(graph: Graph): Promise<number> {
  const times: number[] = [];
  for (let run = -10; run < 41; run++) {
    const started = performance.now();
    let first: number | undefined;
    for await (const [chunk] of await graph.stream(input(), { streamMode: "messages" }))
      if (chunk.text !== "") first ??= performance.now() - started;
    if (run >= 0) times.push(first!);
  }
  return median(times);
}

/** A model that answers once all runs have started, and notes the heap as each of them comes to it. */
class Waiting extends BaseChatModel {
  peak = 0;
  constructor(private readonly opened: Promise<void>) {
    super({});
  }
  override _llmType(): string {
    return "waiting";
  }
  override async _generate(): Promise<ChatResult> {
    this.peak = Math.max(this.peak, heap());
    await this.opened;
    return { generations: [{ text: answer, message: new AIMessage(answer) }] };
  }
}

/** Kilobytes that a run in flight keeps, and megabytes of heap at the peak of a wave of starts. */
async function wave(graphOf: (model: Waiting) => Graph, runs: number): Promise<{ kept: number; peak: number }> {
  let open = () => {};
  const model = new Waiting(
    new Promise<void>((resolve) => {
      open = resolve;
    }),
  );
  const graph = graphOf(model);
  collect();
  const before = heap();
  const started = Array.from({ length: runs }, () => graph.invoke(input()));
  const until = performance.now() + 60_000;
  for (let last = -1; last !== model.peak && performance.now() < until; ) {
    last = model.peak;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { peak } = model;
  collect();
  const kept = (heap() - before) / runs / 1024;
  open();
  await Promise.all(started);
  return { kept, peak: (peak - before) / 2 ** 20 };
}

/** Bytes that one run leaves in a checkpointer. */
async function checkpointBytes(compile: (saver: MemorySaver) => Graph): Promise<number> {
  const saver = new MemorySaver();
  const graph = compile(saver) as unknown as { invoke(given: object, config: object): Promise<unknown> };
  await graph.invoke(input(), { configurable: { thread_id: "one" } });
  let bytes = 0;
  const count = (value: unknown): void => {
    if (value instanceof Uint8Array) bytes += value.byteLength;
    else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) count(each);
  };
  count(saver.storage);
  count(saver.writes);
  return bytes;
}

const wrapped = (model: Waiting) => ({ chat: model, code: model }) as never;
const handGraph = (model: Waiting): Graph => routerByHand(wrapped(model), route);
const ourGraph = (model: Waiting): Graph =>
  createRouter({ models: wrapped(model), route: ({ messages }) => route(messages) }).compile();

async function facts(port: number, starts: number): Promise<Fact[]> {
  const { byHand, ours } = routers(port);
  await wave(handGraph, 200);
  await wave(ourGraph, 200);
  const [handFew, oursFew] = [await wave(handGraph, 1_000), await wave(ourGraph, 1_000)];
  const [handMany, oursMany] = [await wave(handGraph, starts), await wave(ourGraph, starts)];
  const builders = { byHand, ours } as unknown as Record<
    "byHand" | "ours",
    { builder: { compile(options: object): Graph } }
  >;
  const bytes = (which: "byHand" | "ours") =>
    checkpointBytes((checkpointer) => builders[which].builder.compile({ checkpointer }));
  return [
    {
      name: "time to first token of a router",
      unit: "ms",
      byHand: await firstToken(byHand),
      ours: await firstToken(ours),
    },
    { name: "heap of a run in flight", unit: "KB", byHand: handFew.kept, ours: oursFew.kept },
    { name: `peak heap of ${starts} starts`, unit: "MB", byHand: handMany.peak, ours: oursMany.peak },
    {
      name: "checkpoints of one turn",
      unit: "KB",
      byHand: (await bytes("byHand")) / 1024,
      ours: (await bytes("ours")) / 1024,
    },
  ];
}

process.once("message", async ({ port, starts }: { port: number; starts: number }) => {
  process.send?.(await facts(port, starts));
  process.disconnect();
});
