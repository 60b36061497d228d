// The provider both sides talk to. A process of its own, so that its CPU is in nobody's figures.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { answer, type UpstreamReady } from "./protocol.js";

const head = { id: "chatcmpl-bench", created: 1_760_000_000, model: "gpt-4o-mini", system_fingerprint: "fp_bench" };
const usage = { prompt_tokens: 20, completion_tokens: 24, total_tokens: 44 };

const whole = JSON.stringify({
  ...head,
  object: "chat.completion",
  choices: [
    { index: 0, message: { role: "assistant", content: answer, refusal: null }, logprobs: null, finish_reason: "stop" },
  ],
  usage,
});
const failure = JSON.stringify({ error: { message: "The server had an error", type: "server_error", code: null } });

function frame(delta: object, finish: "stop" | null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices })}\n\n`;
}

const frames = [
  frame({ role: "assistant", content: "" }, null),
  ...answer.split(/(?<= )/).map((content) => frame({ content }, null)),
  frame({}, "stop"),
  `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage })}\n\n`,
  "data: [DONE]\n\n",
];

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  if (request.url?.startsWith("/failing")) {
    response.writeHead(500, { "content-type": "application/json" }).end(failure);
  } else if (Buffer.concat(parts).includes('"stream":true')) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of frames) {
      response.write(piece);
      await turn();
    }
    response.end();
  } else {
    response.writeHead(200, { "content-type": "application/json" }).end(whole);
  }
}

const server = createServer((request, response) => void reply(request, response));
server.keepAliveTimeout = 0; // a connection closed between two rounds would be an error of the method
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies UpstreamReady);
});
process.on("disconnect", () => process.exit());
