import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/index.js";
import { type AppOptions, createApp } from "../../src/server/index.js";
import { boundsOf, excessOf } from "../../src/server/request/json-bounds.js";
import { asks } from "./serving.js";

const size = 10 * 2 ** 20;
const repeated = (text: string, around: (all: string) => string) =>
  around(text.repeat(Math.floor((size - 200) / text.length)));
const asked = '"messages":[{"role":"user","content":"Hi"}]';

/** Bodies as large as they may be, each of which a parser or a check would take long over. */
const hostile: Record<string, string> = {
  "messages that are numbers": repeated("0,", (all) => `{"messages":[${all}0]}`),
  "messages that are objects": repeated("{},", (all) => `{"messages":[${all}{}]}`),
  "lists in a field nobody knows": repeated("[],", (all) => `{${asked},"extra":[${all}[]]}`),
  "parts of one message": repeated("0,", (all) => `{"messages":[{"role":"user","content":[${all}0]}]}`),
  "choices of tools": repeated("0,", (all) => `{${asked},"tool_choice":[${all}0]}`),
  "fields of metadata": `{${asked},"metadata":{${Array.from({ length: 700_000 }, (_, at) => `"a${at}":1`).join(",")}}}`,
  "fields of the body": `{${asked},${Array.from({ length: 900_000 }, (_, at) => `"${at}":1`).join(",")}}`,
  "the same field again and again": repeated('"messages":[],', (all) => `{${all}${asked}}`),
  lists: "[".repeat(size),
  objects: repeated('{"a":', (all) => all),
};
/** Bodies whose text alone is large: they are parsed, and what is wrong is said. */
const large: Record<string, string> = {
  blanks: " ".repeat(size),
  digits: repeated("1", (all) => `{"messages":${all}}`),
  escapes: repeated("\\u0041", (all) => `{"messages":"${all}"}`),
  quotes: repeated('\\"', (all) => `{"messages":"${all}`),
  "a key": repeated("k", (all) => `{"${all}":[null]}`),
  commas: ",".repeat(90_000),
};

const post = (body: string, options: Partial<AppOptions> = {}) =>
  createApp({ models: { small: new FakeListChatModel({ responses: ["Hello!"] }) }, ...options }).request(
    "/v1/chat/completions",
    { method: "POST", headers: { "content-type": "application/json" }, body },
  );

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a body within its size", () => {
  it.each(Object.entries(hostile))("is refused before it is parsed: %s", async (_, body) => {
    const parse = vi.spyOn(JSON, "parse");
    const reply = await post(body);
    const parsed = parse.mock.calls.filter(([text]) => text === body).length;
    expect([reply.status, parsed]).toEqual([400, 0]);
    parse.mockRestore();
    expect(await reply.json()).toMatchObject({
      error: { message: expect.stringMatching(/more than/) },
    });
  });

  it.each(Object.entries(large))("is refused: %s", async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it("is refused within 150 MB, whatever it holds", async () => {
    const script = `
      import { createApp } from "./src/server/index.ts";
      import { FakeListChatModel } from "@langchain/core/utils/testing";
      const app = createApp({ models: { small: new FakeListChatModel({ responses: ["Hello!"] }) } });
      const pieces = { zeros: "0,", objects: "{},", parts: '{"type":"text","text":1},', deep: "[" };
      for (const piece of Object.values(pieces)) {
        const body = '{"messages":[' + piece.repeat(${size - 200} / piece.length);
        const headers = { "content-type": "application/json" };
        const reply = await app.request("/v1/chat/completions", { method: "POST", headers, body });
        if (reply.status !== 400) throw new Error("answered " + reply.status);
      }`;
    const args = ["--max-old-space-size=150", "--import", "tsx", "--input-type=module", "-e", script];
    await expect(promisify(execFile)(process.execPath, args)).resolves.toMatchObject({ stderr: "" });
  }, 600_000);

  it("names the list that is too long", async () => {
    const message = '{"role":"user","content":"Hi"},'.repeat(10_001).slice(0, -1);
    const part = '{"type":"text","text":"Hi"},'.repeat(10_001).slice(0, -1);
    const tool = '{"type":"function","function":{"name":"f"}},'.repeat(10_001).slice(0, -1);
    for (const [param, body] of [
      ["messages", `{"messages":[${message}]}`],
      ["messages", `{"messages":[{"role":"user","content":[${part}]}]}`],
      ["tools", `{${asked},"tools":[${tool}]}`],
    ]) {
      const reply = await post(body!);
      expect([reply.status, ((await reply.json()) as { error: { param: string } }).error.param]).toEqual([400, param]);
    }
    expect((await post(`{"messages":[${message.slice(message.indexOf(",{") + 1)}]}`)).status).toBe(200);
  });

  it("takes as many as an option says", async () => {
    const body = JSON.stringify({ messages: [...asks("Hi"), ...asks("Hi"), ...asks("Hi")] });
    expect((await post(body, { itemLimit: 3 })).status).toBe(200);
    expect((await post(body, { itemLimit: 2 })).status).toBe(400);
    for (const itemLimit of [0, -1, 1.5, Number.NaN, "9" as unknown as number]) {
      expect(() => post(body, { itemLimit })).toThrow(InvalidOptionError);
    }
  });

  it("keeps a call whose arguments are too much to read as the text they are", async () => {
    const call = (args: string) => ({ id: "1", type: "function", function: { name: "f", arguments: args } });
    const messages = [
      ...asks("Hi"),
      { role: "assistant", tool_calls: [call(`[${"0,".repeat(200_000)}0]`)] },
      { role: "tool", tool_call_id: "1", content: "Rain" },
    ];
    const parse = vi.spyOn(JSON, "parse");
    expect((await post(JSON.stringify({ messages }))).status).toBe(200);
    expect(parse.mock.calls.some(([text]) => text.startsWith("[0,0"))).toBe(false);
  });
});

describe("excessOf", () => {
  const bounds = boundsOf(3);
  it.each([
    ['{"messages":[1,2,3]}', undefined],
    ['{"messages":[1,2,3,4]}', "messages has more than 3 items"],
    ['{"messages":["a,b,c,d,e"]}', undefined],
    ['{"messages":["\\",\\",[[[","b","c"]}', undefined],
    ['{"messages":[[1,2],[3,4]]}', "messages has more than 3 parts"],
    ['{"messages":[],"tools":[1,2,3,4]}', "tools has more than 3 items"],
    ['{"messages":[{"a":[1,2,3]}],"tools":[{"a":[1,2,3]}]}', undefined],
    [`{${"1,".repeat(40)}}`, "The body has more than 30 values"],
    ["[[1,2,3,4]]", "The body has more than 3 items"],
    ["", undefined],
    ["]]]]", undefined],
    ['"', undefined],
    ["\\", undefined],
  ])("reads %s", (text, message) => {
    expect(excessOf(text, bounds)?.message).toBe(message);
  });

  it("counts levels", () => {
    expect(excessOf('{"a":'.repeat(100), boundsOf(100))).toBeUndefined();
    expect(excessOf('{"a":'.repeat(101), boundsOf(100))?.message).toBe("The body has more than 100 levels");
  });
});
