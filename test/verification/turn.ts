import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { Verdict } from "../../src/state/verdict.js";
import type { Verify } from "../../src/verification/verify.js";

type AskOptions = { readonly model?: unknown; readonly role?: string; readonly schema?: unknown };

export const messageOf = (answer: string | AIMessage) => (typeof answer === "string" ? new AIMessage(answer) : answer);

/** What a verifier is given, made by hand: earlier answers, the judged one last, and replies for `ask`. */
export function verifyTurn(
  answers: readonly (string | AIMessage)[],
  replies: readonly (string | AIMessage | Error)[] = [],
) {
  const asked: { messages: readonly BaseMessage[]; options: AskOptions | undefined }[] = [];
  const candidates = answers.map((answer, index) => ({ name: `model${index}`, message: messageOf(answer) }));
  const turn = {
    messages: [new HumanMessage("What is 6 times 7?")],
    answer: candidates.at(-1)!.message,
    candidates,
    ask: async (messages: readonly BaseMessage[], options?: AskOptions) => {
      const reply = replies[asked.length];
      asked.push({ messages, options });
      if (reply === undefined) throw new Error("nobody expected this question");
      if (reply instanceof Error) throw reply;
      return messageOf(reply);
    },
    state: {},
    config: {},
  };
  return { turn, asked };
}

/** The verdict over one answer. */
export async function verdictOf(verify: Verify, answer: string | AIMessage): Promise<Verdict> {
  return verify(verifyTurn([answer]).turn);
}
