// The other six patterns as a user would write them on LangGraph: no ledger, no decisions, no classes of errors.
import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { Annotation, END, MessagesAnnotation, Send, START, StateGraph } from "@langchain/langgraph";
import type { ChatOpenAI } from "@langchain/openai";

const appended = <Item>() => Annotation<Item[]>({ reducer: (all, added) => all.concat(added), default: () => [] });
type Check = (answer: BaseMessage) => boolean;

export function cascadeByHand(models: { small: ChatOpenAI; large: ChatOpenAI }, passes: Check) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, draft: Annotation<AIMessage>, from: Annotation<string> });
  return new StateGraph(State)
    .addNode("small", async (state) => ({ draft: await models.small.invoke(state.messages), from: "small" }))
    .addNode("large", async (state) => ({ draft: await models.large.invoke(state.messages), from: "large" }))
    .addNode("verifier", (state) =>
      passes(state.draft) || state.from === "large" ? { messages: [state.draft], from: "" } : {},
    )
    .addEdge(START, "small")
    .addEdge("small", "verifier")
    .addEdge("large", "verifier")
    .addConditionalEdges("verifier", (state) => (state.from === "" ? END : "large"), ["large", END])
    .compile();
}

export function gateByHand(model: ChatOpenAI, passes: Check, maxRevisions: number) {
  const State = Annotation.Root({
    ...MessagesAnnotation.spec,
    draft: Annotation<AIMessage>,
    revisions: Annotation<number>,
  });
  return new StateGraph(State)
    .addNode("write", async (state) => ({ draft: await model.invoke(state.messages), revisions: 0 }))
    .addNode("revise", async (state) => {
      const review = new HumanMessage("A reviewer did not accept this answer. Write the whole answer again.");
      const draft = await model.invoke([...state.messages, new AIMessage(state.draft.text), review]);
      return { draft, revisions: state.revisions + 1 };
    })
    .addNode("verifier", (state) =>
      passes(state.draft) || state.revisions === maxRevisions ? { messages: [state.draft], revisions: -1 } : {},
    )
    .addEdge(START, "write")
    .addEdge("write", "verifier")
    .addEdge("revise", "verifier")
    .addConditionalEdges("verifier", (state) => (state.revisions === -1 ? END : "revise"), ["revise", END])
    .compile();
}

export function pipelineByHand(stages: { research: ChatOpenAI; draft: ChatOpenAI; polish: ChatOpenAI }) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, text: Annotation<string> });
  const after = (messages: BaseMessage[], text: string) => [...messages, new HumanMessage(`So far:\n\n${text}`)];
  return new StateGraph(State)
    .addNode("research", async (state) => ({ text: (await stages.research.invoke(state.messages)).text }))
    .addNode("draft", async (state) => ({ text: (await stages.draft.invoke(after(state.messages, state.text))).text }))
    .addNode("polish", async (state) => ({ messages: [await stages.polish.invoke(after(state.messages, state.text))] }))
    .addEdge(START, "research")
    .addEdge("research", "draft")
    .addEdge("draft", "polish")
    .addEdge("polish", END)
    .compile();
}

export function ensembleByHand(models: Readonly<Record<string, ChatOpenAI>>) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, answers: appended<AIMessage>() });
  const graph = new StateGraph(State).addNode("vote", ({ answers }) => {
    const votes = new Map<string, number>();
    for (const { text } of answers) votes.set(text, (votes.get(text) ?? 0) + 1);
    const [winner] = [...votes].sort(([, one], [, other]) => other - one)[0]!;
    return { messages: [answers.find(({ text }) => text === winner)!] };
  }) as unknown as { addNode(name: string, node: unknown): void; addEdge(from: string, to: string): void };
  for (const [name, model] of Object.entries(models)) {
    graph.addNode(name, async (state: typeof State.State) => ({ answers: [await model.invoke(state.messages)] }));
    graph.addEdge(START, name);
    graph.addEdge(name, "vote");
  }
  graph.addEdge("vote", END);
  return (graph as unknown as StateGraph<typeof State>).compile();
}

export function mapReduceByHand(
  items: readonly string[],
  worker: ChatOpenAI,
  write: (parts: readonly string[]) => string,
) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, parts: appended<string>(), item: Annotation<string> });
  return new StateGraph(State)
    .addNode("plan", () => ({}))
    .addNode("worker", async (state) => ({ parts: [(await worker.invoke([new HumanMessage(state.item)])).text] }))
    .addNode("reduce", (state) => ({ messages: [new AIMessage(write(state.parts))] }))
    .addEdge(START, "plan")
    .addConditionalEdges("plan", () => items.map((item) => new Send("worker", { item })), ["worker"])
    .addEdge("worker", "reduce")
    .addEdge("reduce", END)
    .compile();
}

export function experimentByHand(variants: { a: ChatOpenAI; b: ChatOpenAI }) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, variant: Annotation<"a" | "b"> });
  return new StateGraph(State)
    .addNode("assign", () => ({ variant: Math.random() < 0.5 ? ("a" as const) : ("b" as const) }))
    .addNode("a", async (state) => ({ messages: [await variants.a.invoke(state.messages)] }))
    .addNode("b", async (state) => ({ messages: [await variants.b.invoke(state.messages)] }))
    .addEdge(START, "assign")
    .addConditionalEdges("assign", (state) => state.variant, ["a", "b"])
    .addEdge("a", END)
    .addEdge("b", END)
    .compile();
}
