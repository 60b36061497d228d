import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { describe, expect, it } from "vitest";
import { createRouter, firstOf, type RouteTurn } from "../../src/index.js";
import { byPhase } from "../../src/middleware/index.js";

const call = (...ids: string[]) =>
  new AIMessage({ content: "", tool_calls: ids.map((id) => ({ id, name: "search", args: {} })) });
const result = (id: string, status: "success" | "error" = "success", content = "found") =>
  new ToolMessage({ tool_call_id: id, name: "search", content, status });
const turn = (...messages: BaseMessage[]) => ({ messages, models: [], needs: [] }) as unknown as RouteTurn;
const phases = { plan: "large", act: "small", recover: "expert" };

describe("byPhase", () => {
  it.each([
    ["a question", [new HumanMessage("Hi")], "large"],
    ["a result", [new HumanMessage("Hi"), call("1"), result("1")], "small"],
    ["a failed tool", [new HumanMessage("Hi"), call("1"), result("1", "error")], "expert"],
    ["one failed of two", [new HumanMessage("Hi"), call("1", "2"), result("1", "error"), result("2")], "expert"],
    [
      "a result after a failure",
      [new HumanMessage("Hi"), call("1"), result("1", "error"), call("2"), result("2")],
      "small",
    ],
    [
      "a second question",
      [new HumanMessage("Hi"), call("1"), result("1"), new AIMessage("Yes"), new HumanMessage("Why?")],
      "large",
    ],
  ])("decides by what the conversation ends with: %s", async (_, messages, name) => {
    expect(await byPhase(phases)(turn(...messages))).toMatchObject({ name });
  });

  it("says which phase it is", async () => {
    const reasons = [
      turn(new HumanMessage("Hi")),
      turn(call("1", "2"), result("1"), result("2")),
      turn(call("1"), result("1", "error")),
    ].map(async (each) => Object(await byPhase(phases)(each)).reason);
    expect(await Promise.all(reasons)).toEqual([
      "plan: no tool has run yet for this message",
      "act: 2 tools gave their results",
      "recover: search failed",
    ]);
  });

  it("recovers with the planner by default, and takes a failure by the given rule", async () => {
    const route = byPhase({ plan: "large", act: "small", isError: ({ text }) => text.startsWith("Error") });
    expect(await route(turn(call("1"), result("1", "success", "Error: no such file")))).toMatchObject({
      name: "large",
    });
    expect(await route(turn(call("1"), result("1", "error", "fine")))).toMatchObject({ name: "small" });
  });

  it.each([
    {},
    { plan: "a" },
    { plan: "a", act: "" },
    { plan: "a", act: "b", recover: 1 },
    { plan: "a", act: "b", is: 1 },
  ])("refuses %j", (options) => {
    expect(() => byPhase(options as never)).toThrow(/byPhase/);
  });

  it("refuses a rule that is no function, and a model that the router has not", () => {
    expect(() => byPhase({ plan: "a", act: "b", isError: true as never })).toThrow(/byPhase\.isError.*function/);
    const models = { large: fakeModel(), small: fakeModel() };
    expect(() => createRouter({ models, route: byPhase({ plan: "large", act: "smal" }) as never })).toThrow(
      /byPhase\.act.*small/,
    );
  });

  it.each(["alone", "in firstOf"])("changes the model within a tool loop, %s", async (where) => {
    const phase = byPhase({ plan: "large", act: "small" });
    const large = fakeModel().respond(call("1"));
    const small = fakeModel().respond(new AIMessage("Done"));
    const route = where === "alone" ? phase : firstOf<"large" | "small">(() => undefined, phase);
    const graph = createRouter({ models: { large, small }, route }).compile();
    const first = await graph.invoke({ messages: "Hi" });
    const second = await graph.invoke({ messages: [...first.messages, result("1")] });
    expect([first.route, second.route, second.messages.at(-1)!.text]).toEqual(["large", "small", "Done"]);
    expect(second.decisions.map(({ kind, chosen }) => [kind, chosen])).toEqual([["route", "small"]]);
  });

  it("leaves the loops of other routes with their model", async () => {
    const large = fakeModel().respond(call("1")).respond(new AIMessage("Done"));
    const small = fakeModel();
    const route = ({ messages }: RouteTurn) => (messages.length === 1 ? "large" : "small");
    const graph = createRouter({ models: { large, small }, route }).compile();
    const first = await graph.invoke({ messages: "Hi" });
    const second = await graph.invoke({ messages: [...first.messages, result("1")] });
    expect([second.route, small.callCount]).toEqual(["large", 0]);
  });
});
