import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { type AppOptions, longest, usualTimeout } from "./app-options.js";
import { createApp } from "./create-app.js";
import { refuseOtherSites } from "./same-site.js";

/** Options of `serve`. */
export interface ServeOptions {
  /** Address to listen on. @default "127.0.0.1": this machine only */
  readonly host?: string;
  /** TCP port; 0 is any free one. @default 8000 */
  readonly port?: number;
  /**
   * Further names this machine is called by, without a port: `host.docker.internal` from a container. Needed without `apiKeys` only.
   *
   * @default `localhost`, addresses, and `host`
   */
  readonly allowedHosts?: readonly string[];
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * Takes no new request, waits for those under way, and cuts what is left after a while.
   *
   * @param graceMs default 10,000; `Infinity` cuts nothing
   * @throws {InvalidOptionError} when `graceMs` is no number of at least 0
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts the endpoint of `createApp` on this machine.
 *
 * **When to use** - to serve models and graphs from a program of your own; `multimodel serve` does it from a file.
 * **Gotchas** - it listens on 127.0.0.1 unless told otherwise; give `apiKeys` before you give another `host`. Without them requests
 * under a foreign name are refused, for a page of any site may send them; an app of yours has to do that itself. It speaks HTTP: put
 * a proxy in front for TLS. Signals are yours: call `close` on SIGTERM.
 *
 * @param given options of `createApp`, or a Hono app of yours that has it mounted
 * @example
 * ```ts
 * import { serve } from "langgraph-multimodel/server";
 * const server = await serve({ models: { small, large } }, { port: 0 });
 * await fetch(`${server.url}/v1/models`);
 * await server.close();
 * ```
 * @throws {InvalidOptionError} when an option of the app or of the server cannot be used
 * @throws Error when the port is taken
 */
export async function serve(given: AppOptions | Hono, options: ServeOptions = {}): Promise<RunningServer> {
  checkKeys(options, "serve", ["host", "port", "allowedHosts"]);
  const { host = "127.0.0.1", port = 8000, allowedHosts = [] } = options;
  checkPlace(options, host, port);
  const names = allowedHosts.map((name) => name.toLowerCase());
  const served = isApp(given) ? undefined : given;
  const app = isApp(given) ? given : createApp(given);
  const open = served !== undefined && served.apiKeys === undefined;
  const fetch: Hono["fetch"] = (request, env) =>
    (open ? refuseOtherSites(request.headers, host, names) : undefined) ?? app.fetch(request, env);
  const server = createAdaptorServer({ fetch }) as Server;
  if (served !== undefined) server.timeout = (served.timeout ?? usualTimeout) + 10_000; // nobody reads what is left of a reply
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  const { address, port: bound, family } = server.address() as AddressInfo;
  server.keepAliveTimeout = 65_000; // above the 60 s of proxies: whoever gives up first must be the one that sends requests
  const replies = new Set<ServerResponse>();
  server.on("request", (_, reply) => {
    replies.add(reply);
    reply.once("close", () => replies.delete(reply));
  });
  let closing: Promise<void> | undefined;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    close: (graceMs = 10_000) => {
      if (!(graceMs >= 0)) throw new InvalidOptionError("close.graceMs", graceMs, "give ms of at least 0");
      closing ??= closeServer(server, replies, graceMs);
      return closing;
    },
  };
}

/** Ends connections without a request at once, and the others with their reply: clients would keep them open for more. */
async function closeServer(server: Server, replies: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  for (const reply of replies) reply.once("close", () => setImmediate(() => server.closeIdleConnections()));
  const cut = graceMs > longest ? undefined : setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(cut);
}

function isName(name: unknown): boolean {
  return typeof name === "string" && /^[\w-]+(\.[\w-]+)*$/.test(name);
}

function isApp(given: AppOptions | Hono): given is Hono {
  return typeof given === "object" && given !== null && "fetch" in given;
}

function checkPlace(options: ServeOptions, host: unknown, port: unknown): void {
  const { allowedHosts = [] } = options;
  const wrong = Array.isArray(allowedHosts) ? allowedHosts.find((name) => !isName(name)) : allowedHosts;
  if (wrong !== undefined) {
    throw new InvalidOptionError(
      "serve.allowedHosts",
      wrong,
      "give a list of names without a port: host.docker.internal",
    );
  }
  if (typeof host !== "string" || host === "") throw new InvalidOptionError("serve.host", host, "give an address");
  if (Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535) return;
  throw new InvalidOptionError("serve.port", port, "give a whole number from 0 to 65535");
}
