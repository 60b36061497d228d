import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { classifyWith, createRouter } from "../../src/index.js";
import { startLoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { asks, startServing } from "./serving.js";

const tools = [
  { type: "function" as const, function: { name: "search", parameters: { type: "object", properties: {} } } },
];
const step = (q: string) => ({ toolCalls: [{ name: "search", args: { q } }] });

describe.each(Object.keys(providers) as Provider[])("a tool loop through the endpoint over %s", (provider) => {
  it.each([true, false])(
    "asks the classifier once, although the client sends no more than ids (stream: %s)",
    async (stream) => {
      const upstream = await startLoopbackServer();
      const client = (model: string) => providers[provider](upstream, model);
      upstream.reply("classifier", "code", "chat", "chat");
      upstream.reply("code", step("one"), step("two"), "Done.");
      const models = { chat: client("chat"), code: client("code") };
      const graphs = { loop: createRouter({ models, route: classifyWith(client("classifier")) }) };
      const serving = await startServing(provider, { graphs });
      try {
        const messages: OpenAI.ChatCompletionMessageParam[] = asks("Find two things");
        const openai = serving.client().chat.completions;
        for (let turn = 0; turn < 3; turn++) {
          const request = { model: "loop", messages, tools };
          const { choices } = stream
            ? await openai.stream(request).finalChatCompletion()
            : await openai.create(request);
          const { role, content, tool_calls = [] } = choices[0]!.message;
          const results = tool_calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "found" }));
          messages.push({ role, content, ...(tool_calls.length > 0 && { tool_calls }) }, ...results);
        }
        expect(messages.at(-1)!.content).toBe("Done.");
        const asked = upstream.requests.map(({ model }) => model);
        expect(asked).toEqual(["classifier", "code", "code", "code"]);
      } finally {
        await serving.close();
        await upstream.close();
      }
    },
  );
});
