import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { describe, expect, it } from "vitest";
import { claimingTokens } from "../../src/langgraph/claiming-tokens.js";

class Shown extends BaseCallbackHandler {
  readonly lc_prefer_streaming = true;
  readonly tokens: string[] = [];
  readonly ended: string[] = [];

  constructor(override readonly name: string) {
    super();
  }

  override handleLLMNewToken(token: string): void {
    this.tokens.push(token);
  }

  override handleLLMEnd(): void {
    this.ended.push("end");
  }

  override handleLLMError(): void {
    this.ended.push("error");
  }
}

/** Streams in steps, whatever its signal says; shows a token before it hands it on, as some clients do. */
class Deaf extends BaseChatModel {
  constructor(private readonly steps: readonly Promise<string>[]) {
    super({});
  }

  override _llmType(): string {
    return "deaf";
  }

  override async _generate(): Promise<never> {
    throw new Error("it is streamed");
  }

  override async *_streamResponseChunks(...[, , run]: Parameters<BaseChatModel["_streamResponseChunks"]>) {
    for (const step of this.steps) {
      const text = await step;
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) });
      await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }
}

/** Runs two streams whose tokens come in turns: the second one has text first. */
async function raced(name: string) {
  const handler = new Shown(name);
  let shownBy: number | undefined;
  const claim = (number: number) => () => {
    shownBy ??= number;
    return shownBy === number;
  };
  const gives: ((text: string) => void)[] = [];
  const step = () => new Promise<string>((resolve) => gives.push(resolve));
  const models = [new Deaf([step(), step()]), new Deaf([step(), step()])];
  const runs = models.map(async (model, number) => {
    const callbacks = claimingTokens(CallbackManager.configure([handler]), claim(number));
    for await (const _ of await model.stream("Hi", { callbacks }));
  });
  for (const [index, text] of [
    [0, ""],
    [2, "two"],
    [1, "one"],
    [3, "!"],
  ] as const) {
    gives[index]!(text);
    await new Promise(setImmediate);
  }
  await Promise.all(runs);
  return handler;
}

describe("claimingTokens", () => {
  it("shows the tokens of the call that has the first one, also of a client that ignores its signal", async () => {
    const { tokens, ended } = await raced("StreamMessagesHandler");
    expect(tokens).toEqual(["two", "!"]);
    expect(ended.sort()).toEqual(["end", "error"]);
  });

  it("gates a handler of the user's as well, but hides no end of a call", async () => {
    const { tokens, ended } = await raced("mine");
    expect(tokens).toEqual(["two", "!"]);
    expect(ended).toEqual(["end", "end"]);
  });

  it("hides no token from traces", async () => {
    const { tokens } = await raced("langchain_tracer");
    expect(tokens.sort()).toEqual(["", "!", "one", "two"]);
  });

  it("keeps handlers as they are otherwise", () => {
    const handler = new Shown("mine");
    const [wrapped] = claimingTokens([handler], () => true) as Shown[];
    expect([wrapped!.name, wrapped!.lc_prefer_streaming, wrapped!.tokens]).toEqual(["mine", true, handler.tokens]);
    expect(claimingTokens(undefined, () => true)).toBeUndefined();
  });
});
