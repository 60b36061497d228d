import { createServer, type IncomingMessage } from "node:http";

/** Ways in which a server repeats what it was sent. */
const echoes: readonly ((sent: string) => string)[] = [
  (sent) => sent,
  (sent) => encodeURIComponent(sent),
  (sent) => Buffer.from(sent).toString("base64"),
  (sent) => [...Buffer.from(sent)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  (sent) => Buffer.from(`user:${sent}`).toString("base64url"),
  (sent) => JSON.stringify(JSON.stringify(sent)),
  (sent) => Buffer.from(sent).toString("hex"),
];

/** A server that refuses every request and repeats all of it, in each way in turn, in the message, beside it and in headers. */
export async function startEchoServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  let turn = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const said = [...values(request), body];
    const echo = echoes[turn++ % echoes.length]!;
    const message = `refused: ${said.map(echo).join(" | ")}`;
    const debug = { headers: request.headers, url: request.url, all: echoes.map((each) => said.map(each)) };
    const status = [401, 400, 500, 429][turn % 4]!;
    response.writeHead(status, {
      "content-type": "application/json",
      "x-request-id": Buffer.from(said.join(" ")).toString("base64url"),
      "retry-after": "3600",
      "x-debug": encodeURIComponent(said.join(" ")),
    });
    response.end(
      JSON.stringify({ error: { message, type: "x", code: said[0], status: said[0], debug }, debug, message }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a request carries beside its body, the rarest first. */
function values({ headers, url = "" }: IncomingMessage): string[] {
  const usual = /^(host|connection|content-|accept|user-agent|x-stainless|sec-|transfer)/;
  const sent = Object.entries(headers).flatMap(([name, value]) => (usual.test(name) ? [] : [String(value)]));
  return [...sent.map((value) => value.replace(/^Bearer /, "")), url];
}
