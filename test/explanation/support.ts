import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import type { ModelEntry } from "../../src/index.js";
import { httpError } from "../support/fakes.js";

/** How the models of one test answer: a text, or an error. */
export interface Provider {
  calls: number;
  answer: () => string | Error;
}

export const provider = (answer: Provider["answer"] = () => "Score: 10"): Provider => ({ calls: 0, answer });
export const down = () => httpError(500);

/** A chat model that answers as its provider says. */
class Scripted extends SimpleChatModel {
  constructor(private readonly provider: Provider) {
    super({});
  }
  override _llmType(): string {
    return "scripted";
  }
  override async _call(_messages: BaseMessage[]): Promise<string> {
    this.provider.calls++;
    const answer = this.provider.answer();
    if (typeof answer === "string") return answer;
    throw answer;
  }
}

/** An entry that is called once, and costs what its price says. */
export function entry(provider: Provider, fields: Partial<ModelEntry> = {}): ModelEntry {
  return {
    model: new Scripted(provider),
    retry: false,
    price: { input: 1, output: 2 },
    maxOutputTokens: 1_000,
    ...fields,
  };
}
