import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { constructorFields, copyWithId, isSerializable, secretFields } from "../../src/langgraph/constructor-fields.js";

const client = new ChatOpenAI({ model: "gpt-4o", temperature: 0.5, apiKey: "sk-test" });

describe("what LangChain's objects keep", () => {
  it("is what a client was made with, so that one like it can be made", () => {
    expect(constructorFields(client)).toMatchObject({ model: "gpt-4o", temperature: 0.5, apiKey: "sk-test" });
    const other = new ChatOpenAI({ ...constructorFields(client), temperature: 1 });
    expect([other.model, other.temperature, client.temperature]).toEqual(["gpt-4o", 1, 0.5]);
    expect(constructorFields({})).toBeUndefined();
  });

  it("is shared by views of a client", () => {
    expect(constructorFields(Object.create(client))).toBe(constructorFields(client));
  });

  it("names the fields that hold keys", () => {
    expect(secretFields(client)).toContain("apiKey");
    expect(secretFields({})).toEqual([]);
  });

  it("tells a tool from a description of one", () => {
    const add = tool(() => "", { name: "add", description: "Adds", schema: z.object({}) });
    expect([isSerializable(add), isSerializable({ name: "add" })]).toEqual([true, false]);
  });
});

describe("copyWithId", () => {
  it("gives a message an id it is written with, and leaves the one that is given as it is", () => {
    const message = new HumanMessage("Q");
    const copy = copyWithId(message, "1");
    expect([copy.id, JSON.parse(JSON.stringify(copy)).kwargs.id]).toEqual(["1", "1"]);
    expect(HumanMessage.isInstance(copy)).toBe(true);
    expect([message.id, copy.content]).toEqual([undefined, "Q"]);
    expect(JSON.parse(JSON.stringify(message)).kwargs.id).toBeUndefined();
  });
});
