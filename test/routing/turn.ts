import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { RoutableModel } from "../../src/routing/route.js";

type AskOptions = { readonly model?: unknown; readonly role?: string; readonly schema?: unknown };

/** What a route is given, made by hand; `ask` says the answers in turn and notes what it was asked. */
export function routeTurn<Name extends string>(
  question: string | BaseMessage[],
  models: readonly (Name | Partial<RoutableModel<Name>>)[] = [],
  answers: readonly (string | AIMessage | Error)[] = [],
) {
  const asked: { messages: readonly BaseMessage[]; options: AskOptions | undefined }[] = [];
  const turn = {
    messages: typeof question === "string" ? [new HumanMessage(question)] : question,
    models: models.map((model) => ({
      price: null,
      ...(typeof model === "string" ? { name: model } : model),
    })) as RoutableModel<Name>[],
    ask: async (messages: readonly BaseMessage[], options?: AskOptions) => {
      const answer = answers[asked.length];
      asked.push({ messages, options });
      if (answer === undefined) throw new Error("nobody expected this question");
      if (answer instanceof Error) throw answer;
      return typeof answer === "string" ? new AIMessage(answer) : answer;
    },
    state: {},
    config: {},
  };
  return { turn, asked };
}
