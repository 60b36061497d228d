import { SystemMessage } from "@langchain/core/messages";
import {
  Annotation,
  END,
  type LangGraphRunnableConfig,
  MessagesAnnotation,
  MessagesZodState,
  START,
  StateGraph,
} from "@langchain/langgraph";
import {
  createCascade,
  type Decision,
  groundedIn,
  type ModelCall,
  type PatternGraph,
  RunContext,
} from "langgraph-multimodel";
import { manual } from "../examples/support/manual.js";
import { cheap, dear, scripted } from "./scripted-model.js";

const State = Annotation.Root({
  ...MessagesAnnotation.spec,
  passages: Annotation<readonly string[]>,
  modelUsed: Annotation<string | undefined>,
  calls: Annotation<readonly ModelCall[]>,
  decisions: Annotation<readonly Decision[]>,
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
  return new StateGraph({ state: State, input: MessagesZodState, context: RunContext })
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
