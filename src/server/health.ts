import { Hono } from "hono";

/** What `serve` passes to its app with each request. */
export interface ServeBindings {
  /** Fires when the server begins to stop. */
  readonly draining?: AbortSignal;
}

/**
 * Routes for load balancers and orchestrators, without a key: `/healthz` says that the process answers, `/readyz` whether it wants
 * requests. A provider that is down makes no process unready: all of them would be taken out at once, and a pattern has other models.
 */
export function health(): Hono {
  const app = new Hono();
  for (const path of ["/health", "/healthz"]) app.get(path, (context) => context.json({ status: "ok" }));
  app.get("/readyz", (context) => {
    context.header("cache-control", "no-store");
    if (!isDraining(context.env)) return context.json({ status: "ready" });
    return context.json({ status: "draining", reason: "The server is stopping and takes no new requests" }, 503);
  });
  return app;
}

/** Returns true once `serve` began to stop; an app that `serve` did not start never does. */
export function isDraining(bindings: unknown): boolean {
  return drainingOf(bindings)?.aborted === true;
}

/** Returns the signal of a server that begins to stop. */
export function drainingOf(bindings: unknown): AbortSignal | undefined {
  return (bindings as ServeBindings | undefined)?.draining;
}
