import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { type AppOptions, createApp } from "./create-app.js";

/** Options of `serve`. */
export interface ServeOptions {
  /** Address to listen on. @default "127.0.0.1": this machine only */
  readonly host?: string;
  /** TCP port; 0 is any free one. @default 8000 */
  readonly port?: number;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Takes no new request, waits for those under way, then cuts what is left. @param graceMs default 10,000 */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts the endpoint of `createApp` on this machine.
 *
 * **When to use** - to serve models and graphs from a program of your own; `multimodel serve` does it from a file.
 * **Gotchas** - it listens on 127.0.0.1 unless told otherwise; give `apiKeys` before you give another `host`.
 *
 * @example
 * ```ts
 * import { serve } from "langgraph-multimodel/server";
 * const server = await serve({ models: { small, large } }, { port: 0 });
 * await fetch(`${server.url}/v1/models`);
 * await server.close();
 * ```
 * @throws Error when the port is taken
 */
export async function serve(
  given: AppOptions | Hono,
  { host = "127.0.0.1", port = 8000 }: ServeOptions = {},
): Promise<RunningServer> {
  const app = "fetch" in given ? given : createApp(given);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}`,
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        if ("closeIdleConnections" in server) server.closeIdleConnections();
      }),
  };
}
