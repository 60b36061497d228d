// A provider that takes its time: the model's id says how long ("ms-200"), "fail-" in it is a 500, and the answer repeats the
// number the question asks for. A process of its own, so that its CPU is in nobody's figures.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the upstream saw since it was last asked. */
export interface Seen {
  readonly requests: number;
  /** Requests the client gave up before they were answered. */
  readonly aborted: number;
}

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

let requests = 0;
let aborted = 0;

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests++;
  response.on("close", () => {
    if (!response.writableFinished) aborted++;
  });
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { model, messages } = JSON.parse(Buffer.concat(parts).toString()) as ChatRequest;
  const delay = Number(/ms-(\d+)/.exec(model)?.[1] ?? 0);
  await new Promise((resolve) => setTimeout(resolve, delay));
  if (response.destroyed) return;
  const json = { "content-type": "application/json" };
  if (model.startsWith("fail-")) {
    response.writeHead(500, json).end(JSON.stringify({ error: { message: "down", type: "server_error", code: null } }));
    return;
  }
  const asked = JSON.stringify(messages.findLast(({ role }) => role === "user")?.content ?? "");
  const content = /^plan-(\d+)/.test(model)
    ? Array.from({ length: Number(/^plan-(\d+)/.exec(model)![1]) }, (_, item) => `${item + 1}. number ${item}`).join(
        "\n",
      )
    : `the answer is ${/number (\d+)/.exec(asked)?.[1] ?? "none"}`;
  const body = {
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_760_000_000,
    model,
    choices: [
      { index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "stop" },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 6, total_tokens: 26 },
  };
  response.writeHead(200, json).end(JSON.stringify(body));
}

const server = createServer((request, response) => void reply(request, response).catch(() => response.destroy()));
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", 4_096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", () => {
  process.send?.({ requests, aborted } satisfies Seen);
  requests = aborted = 0;
});
process.on("disconnect", () => process.exit());
