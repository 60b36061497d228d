import { Client, type Message, type ThreadState } from "@langchain/langgraph-sdk";
import type { OrchestrationState } from "langgraph-multimodel";

/** The state as it comes over HTTP, where messages are plain objects. */
export type Wire = Omit<OrchestrationState, "messages"> & { readonly messages: Message[] };
export type Snapshot = ThreadState<Wire>;

/** Where a state is written: as a node, at a checkpoint. */
interface Place {
  readonly asNode?: string;
  readonly checkpoint?: Snapshot["checkpoint"];
}

/** The client Studio uses, with what Studio does in one step. */
export class StudioClient extends Client<Wire> {
  async newThread(): Promise<string> {
    return (await this.threads.create()).thread_id;
  }

  /** Asks, on a thread or on none. */
  async run(graph: string, question: string, thread: string | null = null): Promise<Wire> {
    const payload = { input: asks(question) };
    const answered = thread === null ? this.runs.wait(null, graph, payload) : this.runs.wait(thread, graph, payload);
    return (await answered) as unknown as Wire;
  }

  /** Asks on a new thread until `node` is next, and shows the state there. */
  async pause(graph: string, question: string, node: string) {
    const thread = await this.newThread();
    await this.runs.wait(thread, graph, { input: asks(question), interruptBefore: [node] });
    const { values, next } = await this.threads.getState(thread);
    if (next.join() !== node) throw new Error(`The run stopped before "${next.join()}", not before ${node}`);
    return { thread, values };
  }

  /** Asks on a new thread until the graph asks back, and shows what it asks. */
  async interrupted(graph: string, question: string) {
    const thread = await this.newThread();
    await this.runs.wait(thread, graph, { input: asks(question) });
    const { tasks } = await this.threads.getState(thread);
    return { thread, interrupts: tasks.flatMap(({ interrupts }) => interrupts.map(({ value }) => value)) };
  }

  /** Answers what a graph asked. */
  async resume(graph: string, thread: string, resume: unknown): Promise<Wire> {
    return (await this.runs.wait(thread, graph, { command: { resume } })) as unknown as Wire;
  }

  /** Goes on from where a thread stands, or from one of its checkpoints. */
  async goOn(graph: string, thread: string, checkpointId?: string): Promise<Wire> {
    const payload = { input: null, ...(checkpointId === undefined ? {} : { checkpointId }) };
    return (await this.runs.wait(thread, graph, payload)) as unknown as Wire;
  }

  /** Writes into the state of a thread, as a node or at a checkpoint where one is given; returns the new checkpoint. */
  async edit(thread: string, values: object, { asNode, checkpoint }: Place = {}) {
    const at = { ...(asNode === undefined ? {} : { asNode }), ...(checkpoint === undefined ? {} : { checkpoint }) };
    const written = await this.threads.updateState<object>(thread, { values, ...at });
    return (written as { checkpoint: { checkpoint_id: string } }).checkpoint.checkpoint_id;
  }

  /** Every checkpoint of a thread, oldest first. */
  async historyOf(thread: string): Promise<Snapshot[]> {
    return (await this.threads.getHistory(thread, { limit: 100 })).reverse();
  }
}

export const asks = (question: string) => ({ messages: [{ type: "human", content: question }] });

/** Hears a stream to its end; the function returned gives the data of one kind of event. */
export async function heard(stream: AsyncIterable<{ readonly event: string; readonly data: unknown }>) {
  const events: { readonly event: string; readonly data: unknown }[] = [];
  for await (const one of stream) events.push(one);
  return <Data>(event: string) => events.filter((one) => one.event === event).map(({ data }) => data as Data);
}

/** The nodes of each step, as the checkpoints tell. */
export function stepsOf(history: readonly Pick<Snapshot, "next">[]): string[][] {
  return history.map(({ next }) => [...next].sort()).filter(([first]) => first !== undefined && first !== "__start__");
}

/** What is the same in every run that takes the same way. */
export function wayOf({ calls, decisions, route }: Wire) {
  return {
    calls: calls.map(({ path, role }) => `${path} ${role}`).sort(),
    decisions: decisions.map(({ node, kind, chosen }) => `${node} ${kind} ${chosen}`),
    route,
  };
}
