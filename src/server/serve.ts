import { setMaxListeners } from "node:events";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { type AppOptions, defaultTimeoutMs, longestTimerMs } from "./app-options.js";
import { openApp } from "./create-app.js";
import type { ServeBindings } from "./health.js";
import { refuseOtherSites } from "./same-site.js";

/** Options of `serve`. */
export interface ServeOptions {
  /** Address to listen on. @default "127.0.0.1", reachable from this machine only */
  readonly host?: string;
  /** TCP port; 0 picks a free one. @default 8000 */
  readonly port?: number;
  /**
   * Further host names to accept, without a port, such as `host.docker.internal` from a container. Used only without `apiKeys`.
   *
   * @default `localhost`, addresses, and `host`
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Milliseconds in which `close` still accepts requests while `/readyz` answers 503, so that a load balancer finds out; a little more
   * than the time between its probes. @default 0
   */
  readonly drainMs?: number;
}

/** A listening server. */
export interface RunningServer {
  /** Base URL, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * Turns `/readyz` to 503, stops accepting requests after `drainMs`, waits for open ones, and closes the rest after `graceMs`.
   *
   * @param graceMs default 10,000; `Infinity` waits without limit
   * @throws {InvalidOptionError} when `graceMs` is not a number of at least 0
   */
  close(graceMs?: number): Promise<void>;
}

/** Throws at an address among the options of the app, where it would be unknown. */
function refuseMisplaced(given: AppOptions | Hono): void {
  for (const name of ["host", "port", "allowedHosts", "drainMs"] as const) {
    const value: unknown = isApp(given) ? undefined : Object(given)[name];
    const instead = `it belongs to the second argument: serve({ … }, { ${name}: … })`;
    if (value !== undefined) throw new InvalidOptionError(`serve.${name}`, value, instead);
  }
}

/**
 * Starts the endpoint of `createApp` on this machine.
 *
 * **When to use** - to serve models and graphs from your own program; `multimodel serve` does it from a file.
 * **Gotchas** - it listens on 127.0.0.1 by default; set `apiKeys` before you set another `host`. Without keys, requests under a
 * foreign host name are refused, since a page of any site could send them; a Hono app you pass must check that itself. Put a proxy in
 * front for TLS, and call `close` on SIGTERM.
 *
 * @param given options of `createApp`, or your Hono app that mounts it
 * @example
 * ```ts
 * import { serve } from "langgraph-multimodel/server";
 * const server = await serve({ models: { small, large } }, { port: 0 });
 * await fetch(`${server.url}/v1/models`);
 * await server.close();
 * ```
 * @throws {InvalidOptionError} when an option of the app or the server is invalid
 * @throws {MissingPackageError} when `metrics` is on and `prom-client` is not installed
 * @throws Error when the port is taken
 */
export async function serve(given: AppOptions | Hono, options: ServeOptions = {}): Promise<RunningServer> {
  checkKeys(options, "serve", ["host", "port", "allowedHosts", "drainMs"]);
  const { host = "127.0.0.1", port = 8000, allowedHosts = [], drainMs = 0 } = options;
  checkPlace(options, host, port);
  refuseMisplaced(given);
  const names = allowedHosts.map((name) => name.toLowerCase());
  const served = isApp(given) ? undefined : given;
  const { app, loaded } = isApp(given) ? { app: given } : openApp(given);
  await loaded?.();
  const open = served !== undefined && served.apiKeys === undefined;
  const draining = new AbortController();
  setMaxListeners(0, draining.signal); // each open page and each run of a page listens, so many are no leak
  const fetch: Hono["fetch"] = (request, env) =>
    (open ? refuseOtherSites(request.headers, host, names, new URL(request.url).pathname) : undefined) ??
    app.fetch(request, { ...(env as object), draining: draining.signal } satisfies ServeBindings);
  const server = createAdaptorServer({ fetch }) as Server;
  if (served !== undefined) server.timeout = (served.timeout ?? defaultTimeoutMs) + 10_000; // ends replies that are no longer read
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  const { address, port: bound, family } = server.address() as AddressInfo;
  server.keepAliveTimeout = 65_000; // longer than the 60 s of proxies: the side that sends requests must close first
  const replies = new Set<ServerResponse>();
  server.on("request", (_, reply) => {
    replies.add(reply);
    reply.once("close", () => replies.delete(reply));
  });
  let closing: Promise<void> | undefined;
  const drain = async () => {
    draining.abort();
    if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
  };
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    close: (graceMs = 10_000) => {
      if (!(graceMs >= 0)) throw new InvalidOptionError("close.graceMs", graceMs, "give ms of at least 0");
      closing ??= drain().then(() => closeServer(server, replies, graceMs));
      return closing;
    },
  };
}

/** Closes idle connections at once and the others after their reply; clients would keep them open. */
async function closeServer(server: Server, replies: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  for (const reply of replies) reply.once("close", () => setImmediate(() => server.closeIdleConnections()));
  const cut = graceMs > longestTimerMs ? undefined : setTimeout(() => server.closeAllConnections(), graceMs);
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
  const { drainMs = 0 } = options;
  if (!(drainMs >= 0 && drainMs <= longestTimerMs))
    throw new InvalidOptionError("serve.drainMs", drainMs, `give ms of at least 0, at most ${longestTimerMs}`);
  if (typeof host !== "string" || host === "") throw new InvalidOptionError("serve.host", host, "give an address");
  if (Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535) return;
  throw new InvalidOptionError("serve.port", port, "give a whole number from 0 to 65535");
}
