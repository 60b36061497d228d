import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a server sends to one request, byte by byte. */
export interface RawReply {
  readonly type?: "application/json" | "text/event-stream" | "application/x-ndjson";
  readonly body: string;
}

/** A server that says what no honest provider says. */
export interface RawServer {
  readonly url: string;
  /** Bodies of the requests so far. */
  readonly requests: readonly Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts one that answers with what `reply` makes of a request and its number, from 0. */
export async function startRawServer(
  reply: (body: Record<string, unknown>, path: string, index: number) => RawReply,
): Promise<RawServer> {
  const requests: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || "{}") as Record<string, unknown>;
    requests.push(body);
    const { type = "application/json", body: sent } = reply(body, request.url ?? "", requests.length - 1);
    response.writeHead(200, { "content-type": type }).end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
