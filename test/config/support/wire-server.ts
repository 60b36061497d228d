import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { startLoopbackServer } from "../../../src/testing/index.js";

/** A request as it came over the wire, its key included. */
export interface WireRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that speaks every provider's wire format and remembers what it was sent. */
export interface WireServer extends AsyncDisposable {
  /** `http://127.0.0.1:…`, without a path. */
  readonly url: string;
  readonly requests: readonly WireRequest[];
}

/** Anthropic's messages and Ollama's chat are answered here, the rest by the loopback server of `src/testing`. */
export async function startWireServer(): Promise<WireServer> {
  const loopback = await startLoopbackServer({ reply: "Hello." });
  const requests: WireRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const text = await textOf(incoming);
    const { url: path = "/", headers } = incoming;
    const body = JSON.parse(text === "" ? "{}" : text);
    requests.push({ path, headers: headers as WireRequest["headers"], body });
    if (path.endsWith("/v1/messages")) answerMessages(body, response);
    else if (path === "/api/chat") answerChat(body, response);
    else forward(incoming, text, loopback.azureUrl, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await loopback.close();
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** https://docs.anthropic.com/en/api/messages */
function answerMessages(body: WireRequest["body"], response: ServerResponse): void {
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: body.model,
    stop_reason: null,
    stop_sequence: null,
  };
  const usage = { input_tokens: 3, output_tokens: 2 };
  if (body.stream !== true) {
    const content = [{ type: "text", text: "Hello." }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...message, content, stop_reason: "end_turn", usage }));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  const events = [
    { type: "message_start", message: { ...message, content: [], usage } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello." } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ];
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}

/** https://github.com/ollama/ollama/blob/main/docs/api.md: lines of JSON */
function answerChat({ model }: WireRequest["body"], response: ServerResponse): void {
  const created_at = "2026-01-01T00:00:00Z";
  const lines = [
    { model, created_at, message: { role: "assistant", content: "Hello." }, done: false },
    {
      model,
      created_at,
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: "stop",
      prompt_eval_count: 3,
      eval_count: 2,
    },
  ];
  response.setHeader("content-type", "application/x-ndjson");
  response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function forward(
  { method, url, headers }: IncomingMessage,
  text: string,
  upstream: string,
  response: ServerResponse,
): void {
  const passed = request(new URL(url!, upstream), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  passed.end(text);
}
