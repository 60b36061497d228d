import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Runnable } from "@langchain/core/runnables";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { type LangGraphRunnableConfig, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { formTitle, marksOf, tracedCall, tracedForm, withoutMarks } from "../../src/langgraph/trace-marks.js";
import { saying } from "../support/fakes.js";

const graphOf = (node: (messages: object[], config: LangGraphRunnableConfig) => Promise<unknown>) =>
  new StateGraph(MessagesAnnotation)
    .addNode("node", async ({ messages }, config) => {
      await node(messages, config);
      return {};
    })
    .addEdge(START, "node")
    .compile();

/** Keeps the metadata with which LangChain announces a call of a model. */
function metadataOf(): { readonly handler: BaseCallbackHandler; readonly seen: Record<string, unknown>[] } {
  const seen: Record<string, unknown>[] = [];
  const handler = BaseCallbackHandler.fromMethods({
    handleChatModelStart: (_model, _messages, _run, _parent, _extra, _tags, metadata = {}) => void seen.push(metadata),
  });
  return { handler, seen };
}

class Named extends FakeListChatModel {
  override getLsParams({ stop }: this["ParsedCallOptions"]) {
    return marksOf("example", "large", stop);
  }
}

describe("the marks of LangChain's traces", () => {
  it("name the node, the model and the provider of a call", async () => {
    const { handler, seen } = metadataOf();
    const model = new Named({ responses: ["A"] });
    await graphOf((_messages, config) => model.invoke("Q", config)).invoke({ messages: "Q" }, { callbacks: [handler] });
    expect(seen.map(tracedCall)).toEqual([{ node: "node", model: "large", provider: "example" }]);
  });

  it("are those LangChain's own clients give", async () => {
    const client = new ChatOpenAI({ model: "gpt-4o", apiKey: "sk-test", temperature: undefined });
    const own = client.getLsParams({ stop: ["."] } as never);
    expect(own).toMatchObject(marksOf("openai", "gpt-4o", ["."]));
    expect("ls_stop" in marksOf("openai", "gpt-4o", undefined)).toBe(false);
  });

  it("name the agent whose model is called", async () => {
    const { handler, seen } = metadataOf();
    const agent = createAgent({ model: saying("A"), tools: [], name: "boss" });
    const given = { callbacks: [handler], metadata: { tenant: "x" } };
    await agent.invoke({ messages: [{ role: "user", content: "Q" }] }, given);
    expect(seen).toMatchObject([{ lc_agent_name: "boss", tenant: "x" }]);
    const kept = withoutMarks(seen[0]);
    expect(kept).toMatchObject({ tenant: "x", langgraph_node: expect.any(String) });
    expect(Object.keys(kept).filter((key) => /^l[cs]_/.test(key))).toEqual([]);
  });

  it.each(["functionCalling", "jsonSchema", "jsonMode"] as const)(
    "name the schema of withStructuredOutput: %s",
    async (method) => {
      const schema = z.object({ name: z.string() });
      const client = new ChatOpenAI({ model: "gpt-4o", apiKey: "sk-test" });
      const chain = client.withStructuredOutput(schema, { name: "city", method }) as unknown as { first: Runnable };
      const { defaultOptions } = chain.first as Runnable & { readonly defaultOptions?: object };
      expect(formTitle({ ...defaultOptions })).toBe("city");
    },
  );
});

describe("tracedForm", () => {
  it("is read by formTitle", () => {
    expect(formTitle(tracedForm("json_schema", { title: "city" }))).toBe("city");
    expect([formTitle({}), formTitle(tracedForm("json_mode", {}))]).toEqual([undefined, undefined]);
  });
});

describe("withoutMarks", () => {
  it("leaves out what marks a run as one of a model or an agent, and nothing else", () => {
    const marks = { ls_provider: "a", ls_model_name: "b", ls_structured_output_format: {}, lc_agent_name: "boss" };
    const own = { tenant: "x", thread_id: "1", lc_other: 1, xls_: 2 };
    expect(withoutMarks({ ...marks, ...own })).toEqual(own);
    expect(withoutMarks()).toEqual({});
  });
});
