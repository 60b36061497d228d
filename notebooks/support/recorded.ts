// Real models whose answers were recorded: `data/gsm8k-answers.json`, as models that a graph can ask. `data/README.md` says where the
// answers come from; `demo/` uses the same table.
import { readFileSync } from "node:fs";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";

export interface Question {
  /** Stands for the text of the question, which is not in this repository. */
  readonly prompt: string;
  readonly gold: string;
}

/** What goes into `models` of a pattern. */
export interface Recorded {
  readonly model: RunnableLambda<BaseMessage[], AIMessage>;
  /** USD per million tokens. */
  readonly price: { readonly input: number; readonly output: number };
  readonly provider: string;
}

type Cell = readonly [answer: string | null, correct: 0 | 1, inputTokens: number, outputTokens: number];

interface Table {
  readonly models: readonly {
    readonly id: string;
    readonly vendor: string;
    readonly price: readonly [number, number];
  }[];
  readonly questions: readonly (readonly [number: number, gold: string, cells: readonly Cell[]])[];
}

/** Reads every n-th question, and the models by their short names. */
export function loadRecorded(every: number): { models: Record<string, Recorded>; questions: Question[] } {
  const table = JSON.parse(readFileSync("../data/gsm8k-answers.json", "utf8")) as Table;
  const kept = table.questions.filter((_, index) => index % every === 0);
  const models = table.models.map(({ id, vendor, price: [input, output] }, column) => {
    const answers = new Map(kept.map(([number, , cells]) => [promptOf(number), cells[column]!]));
    const model = RunnableLambda.from((messages: BaseMessage[]) => reply(answers, messages));
    return [shortName(id), { model, price: { input, output }, provider: vendor }] as const;
  });
  return {
    models: Object.fromEntries(models),
    questions: kept.map(([number, gold]) => ({ prompt: promptOf(number), gold })),
  };
}

const promptOf = (number: number) => `GSM8K test question #${number}`;

/** "gpt-4o-mini-2024-07-18" is "gpt-4o-mini". */
const shortName = (id: string) => id.replace(/^Meta-/, "").replace(/-Instruct$|-\d{4}-\d{2}-\d{2}$/, "");

function reply(answers: ReadonlyMap<string, Cell>, messages: readonly BaseMessage[]): AIMessage {
  const [answer, , input_tokens, output_tokens] = answers.get(messages[messages.length - 1]!.text)!;
  return new AIMessage({
    content: answer === null ? "I found no final number." : `#### ${answer}`,
    usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
  });
}
