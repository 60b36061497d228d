import { type Context, Hono } from "hono";
import { withoutSecrets } from "../errors/index.js";
import { redactError } from "../secrets/redact.js";
import { type Answering, answerRequest } from "./answer-request.js";
import { type AppOptions, checkOptions, usualTimeout } from "./app-options.js";
import { bearerCheck } from "./bearer.js";
import { catalogueOf, chosenFrom, type Served } from "./catalogue.js";
import { requestReader } from "./read-request.js";
import { replyTo } from "./reply-to.js";
import { errorReply, send } from "./request-error.js";

/**
 * Serves models and graphs as an OpenAI-compatible endpoint: `POST /v1/chat/completions` and `GET /v1/models`.
 *
 * **When to use** - programs that speak OpenAI's API should use a cascade or a router as if it were one model. Mount it in a Hono
 * app of your own, or as `http.app` of a LangGraph server; `serve` starts it alone.
 * **Gotchas** - a graph answers with settings of its own: `temperature` and the like apply to plain models only, and
 * `orchestration.ignored` says what was left out. No CORS headers are sent, and only JSON is read. Without `apiKeys` that does not keep
 * out a page whose name was led to this machine: `serve` refuses those, in an app of your own it is up to you. What is served of the API is in docs/server.md. Paths below `/v1/projects/{namespace}/{project}` are the same.
 *
 * @returns a Hono app; it keeps nothing between requests
 * @example
 * ```ts
 * import { createApp } from "langgraph-multimodel/server";
 * const app = createApp({ models: { small, large }, graphs: { assistant: createFallback({ models: { small, large } }) } });
 * const reply = await app.request("/v1/models");
 * ```
 * @throws {InvalidOptionError} when nothing is served, a name is taken twice, a graph has a checkpointer, or an option does not
 * exist or is out of range
 * @throws {InvalidModelError} when a model or graph cannot answer messages
 */
export function createApp(options: AppOptions): Hono {
  checkOptions(options);
  const { apiKeys, timeout = usualTimeout, keepAlive = 15_000, bodyLimit = 10 * 2 ** 20 } = options;
  const served = catalogueOf(options);
  const report = reporter(options.onError);
  const answering = { served, read: requestReader(bodyLimit), timeout, keepAlive, report };
  const allowed = bearerCheck(apiKeys);

  const api = new Hono();
  api.use(async (context, next) => {
    if (allowed(context.req.header("authorization"))) return next();
    return send(context, errorReply(401, "Send a valid key: Authorization: Bearer …", { code: "invalid_api_key" }));
  });
  api.get("/models", (context) => context.json({ object: "list", data: [...served.values()].map(modelCard) }));
  api.get("/models/:name{.+}", (context) => context.json(modelCard(chosenFrom(served, context.req.param("name")))));
  api.post("/chat/completions", (context) => answerRequest(context, answering));
  for (const [path, methods] of Object.entries(paths)) api.all(path, (context) => wrongMethod(context, methods));
  api.all("/*", notFound);
  api.onError((error, context) => send(context, replyTo(error)));

  const app = new Hono();
  app.route("/v1/projects/:namespace/:project", api); // first: the other takes every path below it
  app.route("/v1", api);
  app.get("/health", (context) => context.json({ status: "ok" }));
  app.notFound(notFound);
  return app;
}

/** Tells of errors, whatever the one who is told does: what it throws may neither end the process nor change a reply. */
function reporter(onError: AppOptions["onError"]): Answering["report"] {
  const tell = onError ?? ((error, { id }) => console.error(`${id}: ${redactError(error)}`));
  return async (error, request) => {
    try {
      await tell(withoutSecrets(error), request);
    } catch (failure) {
      console.error(`createApp.onError failed: ${redactError(failure)}`);
    }
  };
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
