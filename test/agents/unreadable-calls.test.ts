import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { createAgent, tool } from "langchain";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { asChatModel, createFallback } from "../../src/index.js";
import { dialects, type Said } from "../calls/said.js";
import { saying } from "../support/fakes.js";
import { startRawServer } from "../support/raw-server.js";

const cut = '{"path": "/home/us';
const unreadable = (text = ""): AIMessage =>
  new AIMessage({
    ...{ content: text, usage_metadata: { input_tokens: 9, output_tokens: 4, total_tokens: 13 } },
    invalid_tool_calls: [{ type: "invalid_tool_call", id: "1", name: "remove", args: cut, error: "Malformed args." }],
  });

/** A tool with a side effect, which notes what it was called with. */
function remover() {
  const run = vi.fn(async ({ path }: { path: string }) => `removed ${path}`);
  const remove = tool(run, { name: "remove", description: "Removes a file", schema: z.object({ path: z.string() }) });
  return { remove, paths: () => run.mock.calls.map(([{ path }]) => path) };
}

/** A model that calls the tool once, with these arguments, and then says it is done. */
async function caller(args: string) {
  const said = (again: boolean): Said =>
    again ? { text: "Done.", reasons: ["stop"] } : { calls: [["remove", args]], reasons: ["tool_calls"] };
  const server = await startRawServer((body) => {
    const last = (body.messages as { role: string }[]).at(-1)!;
    return dialects.openai.reply(said(last.role === "tool"), body.stream === true);
  });
  return { server, client: dialects.openai.client(server.url) };
}

describe("an agent over a pattern whose first model writes a call that cannot be read", () => {
  it.each(["invoke", "stream"] as const)("calls its tool with what the next model says (%s)", async (mode) => {
    const [small, large] = [await caller(cut), await caller('{"path": "/home/user/old.txt"}')];
    const { remove, paths } = remover();
    const models = { small: { model: small.client, retry: false }, large: large.client } as const;
    const agent = createAgent({ model: asChatModel(createFallback({ models })), tools: [remove] });
    let messages: BaseMessage[] = [];
    if (mode === "invoke") ({ messages } = await agent.invoke({ messages: "Remove it" }));
    else {
      const modes = ["values", "messages"] as const;
      for await (const [kind, chunk] of await agent.stream({ messages: "Remove it" }, { streamMode: [...modes] })) {
        if (kind === "values") ({ messages } = chunk as { messages: BaseMessage[] });
      }
      expect(small.server.requests[0]).toMatchObject({ stream: true });
    }
    expect(paths()).toEqual(["/home/user/old.txt"]); // never half a path
    expect(messages.at(-1)!.text).toBe("Done.");
    await Promise.all([small.server.close(), large.server.close()]);
  });
});

describe("an opaque model whose last message is no answer", () => {
  it.each(["", "Let me look."])(
    "is an agent: its paid call says why, and the next model answers (text %j)",
    async (text) => {
      const agent = createAgent({ model: saying(unreadable(text)), tools: [remover().remove] });
      const { calls, failures, modelUsed } = await createFallback({ models: { agent, backup: saying("whole") } })
        .compile()
        .invoke({ messages: "Remove it" });
      expect(modelUsed).toBe("backup");
      expect(failures).toMatchObject([{ name: "agent", class: "empty", message: expect.stringContaining(cut) }]);
      expect(calls[0]).toMatchObject({
        ...{ path: "agent/model_request", status: "error", usage: { inputTokens: 9, outputTokens: 4 } },
        error: { class: "empty", message: expect.stringContaining("remove(") },
      });
    },
  );

  it("is a chain: its paid call is in the ledger", async () => {
    const chain = RunnableLambda.from(() => unreadable());
    const { calls, modelUsed } = await createFallback({ models: { chain, backup: saying("whole") } })
      .compile()
      .invoke({ messages: "Remove it" });
    expect(modelUsed).toBe("backup");
    expect(calls[0]).toMatchObject({ node: "chain", status: "error", usage: { inputTokens: 9, outputTokens: 4 } });
  });

  it("is an agent that broke off", async () => {
    const broken = new AIMessage({ content: "The three causes", response_metadata: { finish_reason: "error" } });
    const agent = createAgent({ model: saying(broken), tools: [] });
    const state = await createFallback({ models: { agent, backup: saying("whole") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect([state.modelUsed, state.calls[0]!.status]).toEqual(["backup", "error"]);
  });
});
