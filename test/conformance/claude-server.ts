import http from "node:http";
import type { AddressInfo } from "node:net";
import { ChatAnthropic } from "@langchain/anthropic";

export type ClaudeBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

/** What a server like Claude's says; results of tools in the history are seen by it. */
export type ClaudeReply = (hasResults: boolean) => readonly ClaudeBlock[];

/** A server that speaks Claude's messages, whole and streamed, as far as blocks of an answer go. */
export async function startClaude(reply: ClaudeReply) {
  let count = 0;
  const server = http.createServer((request, response) => {
    let raw = "";
    request.on("data", (part) => {
      raw += String(part);
    });
    request.on("end", () => {
      const { stream, messages } = JSON.parse(raw) as { stream?: boolean; messages: unknown };
      const content = reply(JSON.stringify(messages).includes("tool_result"));
      const stop_reason = content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
      const head = { id: `msg_${++count}`, type: "message", role: "assistant", model: "claude" };
      const usage = { input_tokens: 10, cache_read_input_tokens: 3, cache_creation_input_tokens: 0 };
      if (stream !== true) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ ...head, content, stop_reason, usage: { ...usage, output_tokens: 5 } }));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const send = (event: { readonly type: string }) =>
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      const message = { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
      for (const event of [
        { type: "message_start", message },
        ...content.flatMap(blockEvents),
        { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 4 } },
        { type: "message_stop" },
      ]) {
        send(event);
      }
      response.end();
    });
  });
  await new Promise<void>((ready) => {
    server.listen(0, "127.0.0.1", ready);
  });
  const anthropicApiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: () => new ChatAnthropic({ model: "claude-sonnet-4-5", apiKey: "sk-test-key", anthropicApiUrl }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function blockEvents(block: ClaudeBlock, index: number) {
  const [empty, deltas] = parts(block);
  return [
    { type: "content_block_start", index, content_block: { ...block, ...empty } },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function parts(block: ClaudeBlock): readonly [object, readonly object[]] {
  switch (block.type) {
    case "text":
      return [{ text: "" }, halves(block.text).map((text) => ({ type: "text_delta", text }))];
    case "thinking":
      return [
        { thinking: "", signature: "" },
        [
          ...halves(block.thinking).map((thinking) => ({ type: "thinking_delta", thinking })),
          { type: "signature_delta", signature: block.signature },
        ],
      ];
    case "tool_use":
      return [
        { input: {} },
        halves(JSON.stringify(block.input)).map((partial_json) => ({ type: "input_json_delta", partial_json })),
      ];
  }
}

const halves = (text: string) => [text.slice(0, text.length / 2), text.slice(text.length / 2)];
