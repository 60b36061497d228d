import { connect, type Socket } from "node:net";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp, type RunningServer, serve } from "../../src/server/index.js";
import { failWith } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { asks, type Serving, startServing } from "./serving.js";

let serving: Serving;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await serving.close(0);
});

/** A client that sends bytes as they are, and reads nothing until it is told to. */
async function client({ url }: RunningServer, text: string, length = Buffer.byteLength(text)) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.pause();
  let heard = "";
  socket.setEncoding("utf8").on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.write(`${head}Content-Length: ${length}\r\n\r\n${text}`);
  return {
    read: async () => {
      socket.on("data", (piece) => {
        heard += piece;
      });
      socket.resume();
      await closed;
      return heard;
    },
  };
}

describe("a client that does not read", () => {
  it("is cut at the end of its time, and the provider sees it", async () => {
    const told = vi.fn();
    serving = await startServing("ChatOpenAI");
    const model = providers.ChatOpenAI(serving.upstream, "strong-1");
    const app = createApp({ models: { model }, timeout: 2_000, onError: told });
    const server = await serve(new Hono().route("/", app), { port: 0 }); // nothing but the app cuts it
    serving.says(failWith.hang({ afterChunks: 40, chunks: 40, text: "x".repeat(40_000_000) }));
    const { read } = await client(server, JSON.stringify({ messages: asks("Hi"), stream: true }));
    await expect.poll(() => serving.upstream.requests[0]?.aborted, { timeout: 60_000 }).toBe(true);
    await server.close(60_000); // it has no connection left to wait for
    expect(told).toHaveBeenCalledOnce();
    expect(await read()).not.toContain("[DONE]");
  }, 600_000);
});

describe("a client that does not send", () => {
  it("is told so at the end of its time, and let go", async () => {
    const told = vi.fn();
    serving = await startServing("ChatOpenAI", { timeout: 300, onError: told });
    const { read } = await client(serving, '{"a', 1_000);
    const heard = await read();
    expect(heard).toMatch(/^HTTP\/1.1 408 /);
    expect(heard).toContain("The request did not come within 300 ms");
    expect(told).not.toHaveBeenCalled();
    expect(serving.upstream.requests).toEqual([]);
  });
});
