import { ChatAnthropic } from "@langchain/anthropic";
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../src/errors/index.js";
import { withServer } from "../../src/models/message-author.js";
import { resolve } from "../../src/models/resolve.js";
import { sentHistory } from "../../src/models/sent-history.js";
import { saying } from "../support/fakes.js";

const at = (baseURL: string, model = "m") => new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL } });
const readers = {
  openai: resolve(new ChatOpenAI({ model: "gpt-4o", apiKey: "none" }), "x"),
  server: resolve(at("http://localhost:8000/v1"), "x"),
  mistral: resolve(at("https://api.mistral.ai/v1", "mistral-large-latest"), "x"),
  claude: resolve(new ChatAnthropic({ model: "claude-sonnet-4-5", apiKey: "none" }), "x"),
  gemini: resolve(new ChatGoogleGenerativeAI({ model: "gemini-2.5-pro", apiKey: "none" }), "x"),
  ollama: resolve(new ChatOllama({ model: "qwen3" }), "x"),
  other: resolve(saying("Hi"), "x"),
};
type Reader = keyof typeof readers;
const all = Object.keys(readers) as Reader[];

const hi = new HumanMessage("Hi");
const calls = (name: string, ...ids: string[]) =>
  new AIMessage({ content: "", tool_calls: ids.map((id) => ({ id, name, args: {}, type: "tool_call" as const })) });
const result = (id: string, content: ToolMessage["content"] = "3", name?: string) =>
  new ToolMessage({ content, tool_call_id: id, ...(name && { name }) });
const by = (model_provider: string, fields: ConstructorParameters<typeof AIMessage>[0] & object) =>
  new AIMessage({ ...fields, response_metadata: { model_provider } } as never);
const send = (reader: Reader, ...messages: BaseMessage[]) => sentHistory(messages, readers[reader]);
const idsOf = (messages: readonly BaseMessage[]) =>
  messages.flatMap((message) => [
    ...((message as AIMessage).tool_calls ?? []).map(({ id }) => id),
    ...(message instanceof ToolMessage ? [message.tool_call_id] : []),
  ]);

describe("sentHistory", () => {
  it.each(all)("leaves plain messages as they are for %s", (reader) => {
    const messages = [new SystemMessage("Be brief."), hi, new AIMessage("Hello"), new HumanMessage("And now?")];
    const sent = send(reader, ...messages);
    for (const [index, message] of messages.entries()) expect(sent[index]).toBe(message);
  });

  it("takes the marks of Claude's prompt cache out where OpenAI would refuse them", () => {
    const cache_control = { type: "ephemeral" };
    const marked = [{ type: "text" as const, text: "Be brief.", cache_control }];
    const messages = [new SystemMessage({ content: marked }), new HumanMessage({ content: marked })];
    const contents = (reader: Reader) => send(reader, ...messages).map(({ content }) => content);
    const plain = [{ type: "text", text: "Be brief." }];
    for (const reader of ["openai", "mistral"] as const) expect(contents(reader)).toEqual([plain, plain]);
    for (const reader of ["claude", "server"] as const) expect(contents(reader)).toEqual([marked, marked]);
    expect(messages.map(({ content }) => content)).toEqual([marked, marked]); // changes copies only
  });

  it("gives Gemini one system message before all others, whatever order it comes in", () => {
    const [one, two] = [new SystemMessage("Be brief."), new SystemMessage([{ type: "text", text: "Be kind." }])];
    const merged = ["Be brief.\n\nBe kind.", "Hi", "And now?"];
    const later = new HumanMessage("And now?");
    for (const messages of [
      [one, two, hi, later],
      [one, hi, two, later],
      [hi, one, two, later],
    ]) {
      const sent = send("gemini", ...messages);
      expect(sent.map(({ text }) => text)).toEqual(merged);
      expect(sent.map(({ type }) => type)).toEqual(["system", "human", "human"]);
      expect(one.content).toBe("Be brief.");
      expect(send("openai", ...messages)).toEqual(messages);
    }
    expect(send("gemini", hi, one).map(({ text }) => text)).toEqual(["Be brief.", "Hi"]);
  });

  it.each<[Reader, string, RegExp]>([
    ["claude", "functions.add:0", /^[a-zA-Z0-9_-]+$/],
    ["claude", "", /^[a-zA-Z0-9_-]+$/],
    ["claude", "appel-é", /^[a-zA-Z0-9_-]+$/],
    ["openai", "x".repeat(41), /^.{1,40}$/],
    ["openai", "", /^.{1,40}$/],
    ["mistral", "toolu_01ABCdefGHIjklMNOpqrSTUv", /^[a-zA-Z0-9]{9}$/],
    ["mistral", "call_0123456789abcdefghijklmn", /^[a-zA-Z0-9]{9}$/],
    ["mistral", "0f8fad5b-d9cb-469f-a165-70867728950e", /^[a-zA-Z0-9]{9}$/],
    ["server", "", /./],
  ])("gives %s another id than %j, of the call and of its result", (reader, id, accepted) => {
    const [call, answer] = idsOf(send(reader, hi, calls("add", id), result(id)).slice(1));
    expect(call).toMatch(accepted);
    expect(call).not.toBe(id);
    expect(answer).toBe(call);
    expect(idsOf(send(reader, hi, calls("add", id), result(id)))[0]).toBe(call); // a prompt cache finds the same text
  });

  it.each<[Reader, string]>([
    ["claude", "call_0123456789abcdefghijklmn"],
    ["openai", "toolu_01ABCdefGHIjklMNOpqrSTUv"],
    ["server", "functions.add:0"],
    ["mistral", "D681PevKs"],
    ["gemini", "functions.add:0"],
    ["ollama", "functions.add:0"],
  ])("keeps for %s the id %j, which it accepts", (reader, id) => {
    expect(idsOf(send(reader, hi, calls("add", id), result(id)))).toEqual([id, id]);
  });

  it("keeps ids apart that a server gave twice", () => {
    const twice = [calls("add", "call_0", "call_0"), result("call_0"), result("call_0"), calls("add", "call_0")];
    const ids = idsOf(send("claude", hi, ...twice, result("call_0")));
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1], ids[4], ids[4]]);
  });

  it.each<[Reader, string, string]>([
    ["openai", "shop.find item", "shop_find_item"],
    ["claude", "shop.find", "shop_find"],
    ["gemini", "9 lives", "_9_lives"],
    ["openai", "x".repeat(70), "x".repeat(64)],
    ["ollama", "shop.find", "shop.find"],
  ])("names the tool for %s as it accepts it", (reader, name, accepted) => {
    const [, call, answer] = send(reader, hi, calls(name, "call_1"), result("call_1", "3", name));
    expect([(call as AIMessage).tool_calls![0]!.name, answer!.name]).toEqual([accepted, accepted]);
  });

  it("gives speakers a name that OpenAI accepts, in letters of any language", () => {
    const spoken = [
      new HumanMessage({ content: "Hi", name: "Änne Müller" }),
      new AIMessage({ content: "Yes", name: "a/b" }),
    ];
    expect(send("openai", ...spoken).map(({ name }) => name)).toEqual(["Änne_Müller", "a_b"]);
    expect(send("claude", ...spoken)).toEqual(spoken);
  });

  it.each<[Reader]>([["openai"], ["claude"], ["ollama"], ["other"]])(
    "hands Gemini's turn to %s as text and calls",
    (reader) => {
      const content = [
        { type: "thinking", thinking: "Hm", signature: "s" },
        { type: "text", text: "So:" },
        { type: "functionCall" },
      ];
      const additional_kwargs = { __gemini_function_call_thought_signatures__: { a: "s" } };
      const turn = new AIMessage({
        content,
        additional_kwargs,
        tool_calls: [{ id: "a", name: "add", args: { a: 1 } }],
      } as never);
      const [, sent] = send(reader, hi, turn, result("a"));
      expect(sent).toMatchObject({
        content: "So:",
        additional_kwargs: {},
        tool_calls: [{ id: "a", name: "add", args: { a: 1 } }],
      });
      expect(turn.content).toBe(content);
    },
  );

  it.each<[Reader]>([["openai"], ["gemini"], ["ollama"], ["other"]])(
    "hands Claude's thoughts to %s as nothing, its words whole",
    (reader) => {
      const content = [
        { type: "redacted_thinking", data: "x" },
        { type: "text", text: "Four" },
        { type: "image_url", image_url: "data:" },
      ];
      const [, sent] = send(reader, hi, by("anthropic", { content: content as never }), new HumanMessage("Why?"));
      expect(sent!.content).toBe("Four[image_url]");
    },
  );

  it.each<[Reader]>([["openai"], ["claude"], ["gemini"], ["ollama"], ["other"]])(
    "leaves out for %s a turn that holds foreign thoughts only",
    (reader) => {
      const writer = reader === "claude" ? "google-genai" : "anthropic";
      const thought = by(writer, { content: [{ type: "thinking", thinking: "Hm", signature: "s" }] as never });
      expect(send(reader, hi, thought, new HumanMessage("And?")).map(({ text }) => text)).toEqual(["Hi", "And?"]);
    },
  );

  it.each<[Reader]>([["claude"], ["gemini"]])(
    "leaves out for %s what holds nothing, its own text blocks among it",
    (reader) => {
      const own = reader === "claude" ? "anthropic" : "google-genai";
      const blocks = [
        { type: "text", text: "\n" },
        { type: "text", text: "Yes" },
      ];
      const messages = [
        hi,
        new AIMessage(""),
        new HumanMessage(""),
        by(own, { content: [] }),
        by(own, { content: blocks }),
      ];
      const sent = send(reader, ...messages, new HumanMessage("And?"));
      expect(sent.map(({ content }) => content)).toEqual(["Hi", [blocks[1]], "And?"]);
    },
  );

  it("keeps the newest message, and a conversation that would be left empty", () => {
    const strict: readonly Reader[] = ["claude", "gemini"];
    for (const reader of all.filter((each) => !strict.includes(each))) {
      expect(send(reader, new HumanMessage(""))).toHaveLength(1);
      expect(send(reader, hi, new HumanMessage(""))).toHaveLength(2);
    }
    for (const reader of strict) {
      expect(() => send(reader, new HumanMessage(""))).toThrow(/^The last message is empty/);
      expect(() => send(reader, hi, new HumanMessage(" "))).toThrow(InvalidInputError);
      expect(send(reader, hi, new AIMessage(""))).toHaveLength(2);
      expect(send(reader, hi, new HumanMessage(""), new HumanMessage("Hi"))).toHaveLength(2);
    }
  });

  it.each<[Reader, ToolMessage["content"], ToolMessage["content"]]>([
    ["openai", [], ""],
    ["openai", [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }], "[image_url]"],
    ["openai", [{ type: "text", text: "3" }], [{ type: "text", text: "3" }]],
    ["ollama", [{ type: "text", text: "3" }], "3"],
    ["gemini", [{ type: "json", a: 1 }] as never, '{"type":"json","a":1}'],
  ])("shows %s the result of a tool %j as it can be sent", (reader, given, content) => {
    expect(send(reader, hi, calls("add", "c"), result("c", given)).at(-1)!.content).toEqual(content);
  });

  it("hands on what a foreign answer says beside its content: a refusal, a voice", () => {
    const refusal = by("openai", { content: "", additional_kwargs: { refusal: "No." } });
    const voice = by("openai", { content: "", additional_kwargs: { audio: { id: "a", transcript: "Aloud" } } });
    expect(send("claude", hi, refusal, hi, voice, hi).map(({ content }) => content)).toEqual([
      "Hi",
      "No.",
      "Hi",
      "Aloud",
      "Hi",
    ]);
    expect(send("openai", hi, voice, hi)[1]).toBe(voice);
  });

  it("keeps a call that could not be read where it has a result", () => {
    const broken = { ...calls("add"), invalid_tool_calls: [{ id: "c", name: "add", args: "{" }] };
    const turn = by("openai", { content: "", invalid_tool_calls: broken.invalid_tool_calls });
    expect(idsOf(send("claude", hi, turn, result("c")))).toEqual(["c", "c"]);
  });

  it("keeps thoughts with the server that wrote them, of those that speak OpenAI's API", () => {
    const said = by("openai", { content: "Four", additional_kwargs: { reasoning_content: "2 + 2" } });
    const kept = withServer(said, readers.server);
    expect(kept.response_metadata.served_by).toBe("openai at localhost:8000");
    expect(send("server", hi, kept)[1]).toBe(kept);
    expect(send("mistral", hi, kept)[1]!.additional_kwargs).toEqual({});
    expect(send("openai", hi, said)[1]).toBe(said); // of before, when servers were not noted
    expect(withServer(by("openai", { content: "Four" }), readers.server).response_metadata).toEqual({
      model_provider: "openai",
    });
  });

  it("sends an answer in LangChain's own blocks to another API as text", () => {
    const content = [
      { type: "reasoning", reasoning: "Hm" },
      { type: "text", text: "Four" },
    ];
    const said = new AIMessage({
      content,
      response_metadata: { model_provider: "openai", output_version: "v1" },
    } as never);
    const [, sent] = send("openai", hi, said);
    expect([sent!.content, sent!.response_metadata]).toEqual(["Four", { model_provider: "openai" }]);
  });
});
