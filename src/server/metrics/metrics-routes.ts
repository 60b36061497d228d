import { Hono } from "hono";
import { bearerOf, type KeyCheck } from "../bearer.js";
import { errorReply } from "../request-error.js";
import { send } from "../send-error.js";
import type { RunMetrics } from "./run-metrics.js";

/** Routes of `/metrics`. */
export function metricsRoutes(metrics: RunMetrics, allowed: KeyCheck): Hono {
  const app = new Hono();
  app.get("/metrics", async (context) => {
    if (allowed(bearerOf(context.req.header("authorization"))) === undefined) {
      const message = "Send a valid key: Authorization: Bearer …";
      return send(context, errorReply(401, message, { code: "invalid_api_key" }));
    }
    try {
      const { text, type } = await metrics.text();
      return context.body(text, 200, { "content-type": type, "cache-control": "no-store" });
    } catch (error) {
      return context.text(`${(error as Error).message}\n`, 501);
    }
  });
  return app;
}
