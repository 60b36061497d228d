import { SystemMessage } from "@langchain/core/messages";
import { END, type LangGraphRunnableConfig, MessagesValue, START, StateGraph, StateSchema } from "@langchain/langgraph";
import {
  createCascade,
  type Decision,
  groundedIn,
  MessagesInput,
  type ModelCall,
  type PatternGraph,
  RunContext,
} from "langgraph-multimodel";
import { z } from "zod";
import { manual } from "../examples/support/manual.js";
import { cheap, dear, scripted } from "./scripted-model.js";

const State = new StateSchema({
  messages: MessagesValue,
  passages: z.array(z.string()).default(() => []).describe("What was found in the manual for the last question"),
  modelUsed: z.string().optional().describe("Path of the call whose answer was returned"),
  calls: z.array(z.custom<ModelCall>()).default(() => []).describe("The ledger of this run"),
  decisions: z.array(z.custom<Decision>()).default(() => []).describe("Why the run went where it went"),
});

/** Puts retrieval before any pattern: the passages are a message, so whoever answers and whoever verifies sees the same ones. */
export function withManual(pattern: PatternGraph) {
  const answering = pattern.compile();
  async function retrieve({ messages }: typeof State.State) {
    const found = await (await manual()).similaritySearch(messages.at(-1)!.text, 3);
    return { passages: found.map(({ pageContent, metadata }) => `[${metadata.source}]\n${pageContent}`) };
  }
  async function answer({ messages, passages }: typeof State.State, config: LangGraphRunnableConfig) {
    const system = new SystemMessage(`Answer from these passages of a manual only.\n\n${passages.join("\n\n")}`);
    const run = await answering.invoke({ messages: [system, ...messages] }, config);
    const { modelUsed, calls, decisions } = run;
    return { messages: run.messages.slice(-1), modelUsed, calls, decisions };
  }
  return new StateGraph({ state: State, input: MessagesInput, context: RunContext })
    .addNode("retrieve", retrieve)
    .addNode("answer", answer, { subgraphs: [answering] })
    .addEdge(START, "retrieve")
    .addEdge("retrieve", "answer")
    .addEdge("answer", END);
}

const small = scripted("small", (question, [passages]) =>
  /warranty/i.test(question) ? "The warranty is 10 years." : quote(question, passages!.text),
);
const large = scripted("large", (question, [passages]) => quote(question, passages!.text));

/** The small model invents a number when asked about the warranty; no passage holds it, and the large one is asked. */
export const graph = withManual(
  createCascade({
    models: { small: { model: small, price: cheap }, large: { model: large, price: dear } },
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
