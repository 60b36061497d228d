import { type BaseMessage, SystemMessage } from "@langchain/core/messages";
import { END, type LangGraphRunnableConfig, MessagesZodMeta, START, StateGraph } from "@langchain/langgraph";
import { withLangGraph } from "@langchain/langgraph/zod";
import {
  createCascade,
  type Decision,
  groundedIn,
  type ModelCall,
  type PatternGraph,
  RunContext,
} from "langgraph-multimodel";
import { z } from "zod";
import { manual } from "../examples/support/manual.js";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const messages = z.any() as unknown as z.ZodType<BaseMessage[], BaseMessage[]>;
const State = z.object({
  messages: withLangGraph(messages, MessagesZodMeta),
  passages: z.array(z.string()).default([]),
  modelUsed: z.string().optional(),
  calls: z.array(z.any() as unknown as z.ZodType<ModelCall>).default([]),
  decisions: z.array(z.any() as unknown as z.ZodType<Decision>).default([]),
});
type State = z.infer<typeof State>;

/** Puts retrieval before any pattern: the passages are a message, so whoever answers and whoever verifies sees the same ones. */
export function withManual(pattern: PatternGraph) {
  const answering = pattern.compile();
  async function retrieve({ messages }: State) {
    const found = await (await manual()).similaritySearch(messages?.at(-1)?.text ?? "", 3);
    return { passages: found.map(({ pageContent, metadata }) => `[${metadata.source}]\n${pageContent}`) };
  }
  async function answer({ messages, passages }: State, config: LangGraphRunnableConfig) {
    const system = new SystemMessage(`Answer from these passages of a manual only.\n\n${passages.join("\n\n")}`);
    const run = await answering.invoke({ messages: [system, ...(messages ?? [])] }, config);
    const { modelUsed, calls, decisions } = run;
    return { messages: run.messages.slice(-1), modelUsed, calls, decisions };
  }
  return new StateGraph({ state: State, input: State.pick({ messages: true }), context: RunContext })
    .addNode("retrieve", retrieve)
    .addNode("answer", answer, { subgraphs: [answering] })
    .addEdge(START, "retrieve")
    .addEdge("retrieve", "answer")
    .addEdge("answer", END);
}

const invents = scripted("small", (question, [passages]) =>
  /warranty/i.test(question) ? "The warranty is 10 years." : quote(question, passages!.text),
);
const quotes = scripted("large", (question, [passages]) => quote(question, passages!.text));
const { small, large } = seats({ small: { model: invents, price: cheap }, large: { model: quotes, price: dear } });

/** The small model invents a number when asked about the warranty; no passage holds it, and the large one is asked. */
export const graph = withManual(
  createCascade({
    models: { small, large },
    verify: groundedIn(),
  }),
);

/** The first sentence of the passages that holds the longest word of the question. */
function quote(question: string, passages: string): string {
  const words = question.toLowerCase().match(/\p{L}+/gu) ?? [];
  const word = words.reduce((longest, word) => (word.length > longest.length ? word : longest), "");
  const lines = passages.split("\n").filter((line) => !/^[#[]/.test(line));
  const sentences = lines.join(" ").split(/(?<=\.)\s+/);
  return sentences.find((sentence) => sentence.toLowerCase().includes(word)) ?? "The manual does not say.";
}
