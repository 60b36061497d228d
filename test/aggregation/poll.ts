import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { LaneAnswers, NamedAnswer } from "../../src/aggregation/aggregate.js";
import type { Failure } from "../../src/errors/index.js";

export const named = (name: string, text: string): NamedAnswer => ({ name, message: new AIMessage(text) });
export const failed = (name: string): Failure => ({ name, class: "server", message: "down" });

type AskOptions = { readonly model?: unknown; readonly role?: string; readonly returned?: boolean };

/** What an aggregate is given, made by hand: a text a lane, `undefined` for one that failed; `asked` counts further ones. */
export function pollOf(
  texts: readonly (string | undefined)[],
  asked = texts.length,
  replies: readonly (AIMessage | Error)[] = [],
) {
  const answers = texts.flatMap((text, lane) => (text === undefined ? [] : [named(`lane${lane}`, text)]));
  const failures = texts.flatMap((text, lane) => (text === undefined ? [failed(`lane${lane}`)] : []));
  const requests: { messages: readonly BaseMessage[]; options: AskOptions | undefined }[] = [];
  const turn = {
    messages: [new HumanMessage("What is 6 times 7?")],
    answers,
    failures,
    asked,
    ask: async (messages: readonly BaseMessage[], options?: AskOptions) => {
      const reply = replies[requests.length];
      requests.push({ messages, options });
      if (reply === undefined) throw new Error("nobody expected this question");
      if (reply instanceof Error) throw reply;
      return reply;
    },
    state: {},
    config: {},
  };
  return { turn, poll: { answers, failures, asked } satisfies LaneAnswers, requests };
}
