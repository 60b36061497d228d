// The provider both sides talk to. A process of its own, so that its CPU is in nobody's figures.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { answer, draft, longAnswer, type UpstreamReady } from "./protocol.js";

const head = { id: "chatcmpl-bench", created: 1_760_000_000, model: "gpt-4o-mini", system_fingerprint: "fp_bench" };
const usage = { prompt_tokens: 20, completion_tokens: 24, total_tokens: 44 };

const wholeOf = (content: string) =>
  JSON.stringify({
    ...head,
    object: "chat.completion",
    choices: [
      { index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "stop" },
    ],
    usage,
  });
const [whole, wholeDraft] = [wholeOf(answer), wholeOf(draft)];
const failure = JSON.stringify({ error: { message: "The server had an error", type: "server_error", code: null } });

function frame(delta: object, finish: "stop" | null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices })}\n\n`;
}

const framesOf = (text: string) => [
  frame({ role: "assistant", content: "" }, null),
  ...text.split(/(?<= )/).map((content) => frame({ content }, null)),
  frame({}, "stop"),
  `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage })}\n\n`,
  "data: [DONE]\n\n",
];
const [frames, longFrames] = [framesOf(answer), framesOf(longAnswer)];

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { url = "" } = request;
  const body = Buffer.concat(parts);
  if (url.startsWith("/failing")) {
    response.writeHead(500, { "content-type": "application/json" }).end(failure);
  } else if (body.includes('"stream":true')) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of url.startsWith("/long") ? longFrames : frames) {
      response.write(piece);
      await turn();
    }
    response.end();
  } else {
    response.writeHead(200, { "content-type": "application/json" });
    const isDraft = url.startsWith("/draft") || (url.startsWith("/revised") && !body.includes('"role":"assistant"'));
    response.end(isDraft ? wholeDraft : whole);
  }
}

const server = createServer((request, response) => void reply(request, response));
server.keepAliveTimeout = 0; // a connection closed between two rounds would be an error of the method
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies UpstreamReady);
});
process.on("disconnect", () => process.exit());
