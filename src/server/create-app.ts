import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { redactError, withoutSecrets } from "../tracing/redact.js";
import { answerRequest } from "./answer-request.js";
import { type AppOptions, checkOptions } from "./app-options.js";
import { bearerCheck } from "./bearer.js";
import { catalogueOf, type Served } from "./catalogue.js";
import { readRequest } from "./read-request.js";
import { type ErrorReply, errorReply, replyTo, send } from "./request-error.js";

/**
 * Serves models and graphs as an OpenAI-compatible endpoint: `POST /v1/chat/completions` and `GET /v1/models`.
 *
 * **When to use** - programs that speak OpenAI's API should use a cascade or a router as if it were one model. Mount it in a Hono
 * app of your own, or as `http.app` of a LangGraph server; `serve` starts it alone.
 * **Gotchas** - a graph answers with settings of its own: `temperature` and the like apply to plain models only, and
 * `orchestration.ignored` says what was left out. No CORS headers are sent, and only JSON is read: pages in a browser cannot call it.
 * What is served of the API is in docs/server.md. Paths below `/v1/projects/{namespace}/{project}` are the same.
 *
 * @returns a Hono app; it keeps nothing between requests
 * @example
 * ```ts
 * import { createApp } from "langgraph-multimodel/server";
 * const app = createApp({ models: { small, large }, graphs: { assistant: createFallback({ models: { small, large } }) } });
 * const reply = await app.request("/v1/models");
 * ```
 * @throws {InvalidOptionError} when nothing is served, a name is taken twice, or an option is out of range
 * @throws {InvalidModelError} when a model or graph cannot answer messages
 */
export function createApp(options: AppOptions): Hono {
  checkOptions(options);
  const { apiKeys, timeout = 300_000, keepAlive = 15_000, bodyLimit: maxSize = 10 * 2 ** 20 } = options;
  const served = catalogueOf(options);
  const tell = options.onError ?? ((error) => console.error(redactError(error)));
  const report = (error: unknown) => tell(withoutSecrets(error));
  const allowed = bearerCheck(apiKeys);

  const api = new Hono();
  api.use(async (context, next) => {
    if (allowed(context.req.header("authorization"))) return next();
    return send(context, errorReply(401, "Send a valid key: Authorization: Bearer …", { code: "invalid_api_key" }));
  });
  api.get("/models", (context) => context.json({ object: "list", data: [...served.values()].map(modelCard) }));
  api.get("/models/:name{.+}", (context) => {
    const name = context.req.param("name");
    const found = served.get(name);
    return found === undefined ? send(context, unknownModel(name, served)) : context.json(modelCard(found));
  });
  const tooLarge = errorReply(413, `The body has more than ${maxSize} bytes`, { code: "request_too_large" });
  api.post(
    "/chat/completions",
    bodyLimit({ maxSize, onError: (context) => send(context, tooLarge) }),
    async (context) => {
      const request = await readRequest(context);
      const name = request.model ?? served.keys().next().value!;
      const found = served.get(name);
      if (found === undefined) return send(context, unknownModel(name, served));
      return answerRequest(context, request, found, { timeout, keepAlive, report });
    },
  );
  for (const [path, methods] of Object.entries(paths)) api.all(path, (context) => wrongMethod(context, methods));
  api.all("/*", notFound);
  api.onError((error, context) => {
    const reply = replyTo(error);
    const gone = context.req.raw.signal.aborted; // while it sent its body
    if (reply.status >= 500 && !gone) report(error);
    return send(context, reply);
  });

  const app = new Hono();
  app.route("/v1/projects/:namespace/:project", api); // first: the other takes every path below it
  app.route("/v1", api);
  app.get("/health", (context) => context.json({ status: "ok" }));
  app.notFound(notFound);
  return app;
}

const paths = { "/models": "GET, HEAD", "/models/:name{.+}": "GET, HEAD", "/chat/completions": "POST" };

function wrongMethod(context: Context, methods: string): Response {
  context.header("allow", methods);
  return send(context, errorReply(405, `${context.req.path} takes ${methods}, not ${context.req.method}`));
}

function notFound(context: Context): Response {
  return send(context, errorReply(404, `There is no ${context.req.method} ${context.req.path} here`));
}

function modelCard({ name, description }: Served) {
  return {
    id: name,
    object: "model",
    created: 0,
    owned_by: "langgraph-multimodel",
    ...(description && { description }),
  };
}

function unknownModel(name: string, served: ReadonlyMap<string, Served>): ErrorReply {
  const names = [...served.keys()].map((each) => `"${each}"`).join(", ");
  return errorReply(404, `There is no model "${name}"; there are ${names}`, {
    param: "model",
    code: "model_not_found",
  });
}
