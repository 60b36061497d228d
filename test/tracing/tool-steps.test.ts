import { AIMessage, AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { ToolSteps } from "../../src/tracing/tool-steps.js";

const call = (name: string, ...ids: readonly string[]) =>
  new AIMessage({ content: "", id: `${name} asks`, tool_calls: ids.map((id) => ({ id, name, args: {} })) });
const result = (content: string, tool_call_id: string) => new ToolMessage({ content, tool_call_id });

/** Takes down messages, and reads which call has which result. */
function stepsAfter(messages: readonly unknown[], { given, begun }: { given?: []; begun?: string } = {}) {
  const steps = new ToolSteps(given);
  steps.begin(begun);
  for (const message of messages) steps.note(message);
  const taken = steps.messages();
  return taken.flatMap((message) => {
    if (!AIMessage.isInstance(message)) return [];
    return message.tool_calls!.map(({ id, name }) => {
      const own = taken.filter((each): each is ToolMessage => ToolMessage.isInstance(each) && each.tool_call_id === id);
      return `${name}: ${own.map(({ text }) => text).join(" and ")}`;
    });
  });
}

describe("ToolSteps", () => {
  it("leaves out what has no result, is no tool call, or was given", () => {
    const known = [call("old", "1"), result("older", "1")];
    const steps = new ToolSteps(known);
    for (const message of [...known, new HumanMessage("Hi"), new AIMessage("Hello"), "text", undefined, call("a", "1")])
      steps.note(message);
    expect(steps.messages()).toEqual([]);
  });

  it("gives each call its own result where ids are repeated", () => {
    expect(stepsAfter([call("a", "1"), result("A", "1"), call("b", "1"), result("B", "1")])).toEqual(["a: A", "b: B"]);
    expect(stepsAfter([call("outer", "1"), call("inner", "1"), result("I", "1"), result("O", "1")])).toEqual([
      "outer: O",
      "inner: I",
    ]);
    expect(stepsAfter([call("a", "1"), call("b", "1"), result("B", "1")])).toEqual(["b: B"]);
    expect(stepsAfter([call("twice", "1", "1"), result("one", "1"), result("two", "1")])).toEqual([
      "twice: one",
      "twice: two",
    ]);
  });

  it("keeps the calls of a message that were answered, without the others", () => {
    expect(stepsAfter([call("a", "1", "2"), result("A", "2")])).toEqual(["a: A"]);
  });

  it("says of a call that was begun and got no result that it may have had its effect", () => {
    expect(stepsAfter([call("a", "1", "2")], { begun: "1" })).toEqual([expect.stringMatching(/^a: .*may have had/)]);
  });

  it("puts a call that is seen only later, in a prompt, before its result", () => {
    const done = result("A", "1");
    expect(stepsAfter([done, call("a", "1"), done])).toEqual(["a: A"]);
  });

  it("takes a streamed call, and writes it as any provider reads it", () => {
    const steps = new ToolSteps();
    const content = [
      { type: "functionCall", functionCall: {} },
      { type: "text", text: "I look." },
    ];
    const tool_call_chunks = [{ id: "1", name: "a", args: '{"b":2}', index: 0 }];
    steps.note(new AIMessageChunk({ content, tool_call_chunks, additional_kwargs: { secret: 1 } }));
    steps.note(new ToolMessage({ content: "no", tool_call_id: "1", status: "error" }));
    const [asked, answered] = steps.messages() as [AIMessage, ToolMessage];
    expect(asked).toMatchObject({ content: "I look.", tool_calls: [{ name: "a", args: { b: 2 } }] });
    expect(asked.additional_kwargs).toEqual({});
    expect(answered).toMatchObject({
      content: "no",
      name: "a",
      status: "error",
      tool_call_id: asked.tool_calls![0]!.id,
    });
    expect(answered.tool_call_id).not.toBe("1");
  });

  it("takes a call that is seen again under its id once, as it was seen last", () => {
    const first = new AIMessage({ content: "so far", id: "1", tool_calls: [{ id: "c", name: "a", args: {} }] });
    const whole = new AIMessage({ content: "whole", id: "1", tool_calls: [{ id: "c", name: "a", args: { b: 1 } }] });
    const steps = new ToolSteps();
    for (const message of [first, whole, result("A", "c")]) steps.note(message);
    const [asked, ...results] = steps.messages() as [AIMessage, ...ToolMessage[]];
    expect([asked.text, asked.tool_calls!.map(({ args }) => args), results.map(({ text }) => text)]).toEqual([
      "whole",
      [{ b: 1 }],
      ["A"],
    ]);
  });

  it("takes one that was begun once, too, whose result never came", () => {
    const seen = () => new AIMessage({ content: "", id: "1", tool_calls: [{ id: "c", name: "a", args: {} }] });
    expect(stepsAfter([seen(), seen()], { begun: "c" })).toEqual([expect.stringMatching(/^a: .*may have had/)]);
  });

  it("keeps two calls apart that have no ids", () => {
    const calls = ["1", "2"].map(
      (id) => new AIMessage({ content: "", tool_calls: [{ id, name: `call ${id}`, args: {} }] }),
    );
    expect(stepsAfter([calls[0], result("A", "1"), calls[1], result("B", "2")])).toEqual(["call 1: A", "call 2: B"]);
  });

  it("knows what was given by its id, in a copy of it, too", () => {
    const steps = new ToolSteps([call("old", "1")]);
    for (const message of [call("old", "1"), result("A", "1")]) steps.note(message);
    expect(steps.messages()).toEqual([]);
  });

  it("forgets that a call was begun once its result came", () => {
    const steps = new ToolSteps();
    steps.begin("1");
    steps.begin(undefined);
    for (const message of [call("a", "1"), result("A", "1"), call("b", "1")]) steps.note(message);
    expect((steps.messages() as [AIMessage, ToolMessage]).map(({ text }) => text)).toEqual(["", "A"]); // b was never begun
  });

  it("gives every message of it an id of its own", () => {
    const steps = new ToolSteps();
    for (const message of [call("a", "1", "2"), result("A", "1"), result("B", "2")]) steps.note(message);
    const taken = steps.messages();
    expect(new Set(taken.map(({ id }) => id)).size).toBe(3);
    expect(taken.map(({ id }) => id)).not.toContain("a asks");
    expect((taken[0] as AIMessage).tool_calls!.map(({ id }) => id)).toEqual(
      taken.slice(1).map((message) => (message as ToolMessage).tool_call_id),
    );
  });
});
