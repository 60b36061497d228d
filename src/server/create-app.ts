import { type Context, Hono, type MiddlewareHandler } from "hono";
import { getPath } from "hono/utils/url";
import { withoutSecrets } from "../errors/index.js";
import { redactError } from "../secrets/redact.js";
import { type AppOptions, checkAppOptions, defaultTimeoutMs } from "./app-options.js";
import { keyCheck, keysIn } from "./bearer.js";
import { catalogueOf, chosenFrom, type Served } from "./catalogue.js";
import { chatProtocol } from "./completions/chat-protocol.js";
import { embed } from "./embeddings/embeddings-route.js";
import { health } from "./health.js";
import { countTokens } from "./messages/count-tokens.js";
import { messagesProtocol } from "./messages/messages-protocol.js";
import { openPages } from "./pages.js";
import { replyTo } from "./reply-to.js";
import { answerRequest, type Endpoint } from "./request/answer-request.js";
import { requestReader } from "./request/read-request.js";
import { errorReply } from "./request-error.js";
import { openResponses } from "./responses/responses-protocol.js";
import { send } from "./send-error.js";
import { checkTasks } from "./tasks.js";

/**
 * Serves models and graphs as an endpoint of three protocols: OpenAI's `POST /v1/chat/completions` and `POST /v1/responses`, and
 * Anthropic's `POST /v1/messages`; with `GET /v1/models`.
 *
 * **When to use** - programs that speak one of these should use a cascade or a router as if it were one model. Mount it in your Hono
 * app, or as `http.app` of a LangGraph server; `serve` starts it standalone.
 * **Gotchas** - settings such as `temperature` reach the models that may answer, never judges and routers;
 * `orchestration.ignored` lists those a model does not support. Without `apiKeys`, your app must check `Host` and `Origin` itself
 * (DNS rebinding), as `serve` does. With `ui` and `metrics` the app remembers its latest runs and counts them; `/healthz` and `/readyz` are
 * always there. More: docs/server.md
 *
 * @returns a Hono app, stateless without `ui` and `metrics`
 * @example
 * ```ts
 * import { createApp } from "langgraph-multimodel/server";
 * const app = createApp({ models: { small, large }, graphs: { assistant: createFallback({ models: { small, large } }) } });
 * const reply = await app.request("/v1/models");
 * ```
 * @throws {InvalidOptionError} when there is no model or graph, a name is used twice, a graph has a checkpointer, or an option is
 * unknown or out of range
 * @throws {InvalidModelError} when a model or graph cannot answer messages
 */
export function createApp(options: AppOptions): Hono {
  return openApp(options).app;
}

/** Makes the app of `createApp`, with a function that waits for its optional packages and throws if one is missing. */
export function openApp(options: AppOptions): { readonly app: Hono; loaded(): Promise<void> } {
  checkAppOptions(options);
  const {
    apiKeys,
    tasks,
    timeout = defaultTimeoutMs,
    keepAlive = 15_000,
    bodyLimit = 10 * 2 ** 20,
    itemLimit = 10_000,
    stream = "committed",
  } = options;
  const served = catalogueOf(options);
  const report = reporter(options.onError);
  checkTasks(tasks, served);
  const callerOf = keyCheck(apiKeys);
  const { watch, pages, loaded } = openPages(options, { served, callerOf, timeout, keepAlive, report });
  const read = requestReader(bodyLimit, itemLimit);
  const responses = openResponses();
  const answering = { served, tasks, read, timeout, keepAlive, stream, report, watch };
  const embedding = { embeddings: options.embeddings, read, timeout, report };

  const api = new Hono();
  const guard: MiddlewareHandler = async (context, next) => {
    const [caller] = keysIn(context.req.raw.headers).flatMap((key) => callerOf(key) ?? []);
    if (caller !== undefined) {
      context.set("caller", caller);
      return next();
    }
    return send(context, errorReply(401, "Send a valid key: Authorization: Bearer …", { code: "invalid_api_key" }));
  };
  for (const path of [
    "/models",
    "/models/*",
    "/chat/*",
    "/messages",
    "/messages/*",
    "/responses",
    "/responses/*",
    "/embeddings",
  ])
    api.use(path, guard); // only our paths: other routes of the host app stay open
  api.get("/models/:name{.+}", (context) => {
    const name = context.req.param("name");
    return context.json(modelCard(chosenFrom(served, served.has(name) ? name : name.replace(/\/+$/, ""))));
  });
  for (const slash of ["", "/"]) {
    api.get(`/models${slash}`, (context) =>
      context.json({ object: "list", data: [...served.values()].map(modelCard) }),
    );
    api.post(`/chat/completions${slash}`, (context) => answerRequest(context, chatProtocol, answering));
    api.post(`/messages${slash}`, (context) => answerRequest(context, messagesProtocol, answering));
    api.post(`/responses${slash}`, (context) => answerRequest(context, responses, answering));
    api.post(`/embeddings${slash}`, (context) => embed(context, embedding));
    api.post(`/messages/count_tokens${slash}`, (context) => countTokens(context, answering));
  }
  api.all("/responses/:id{.+}", (context) => send(context, errorReply(404, notStored, { code: "not_stored" })));
  for (const [path, methods] of Object.entries(paths)) api.all(path, (context) => wrongMethod(context, methods));
  api.onError((error, context) => send(context, replyTo(error)));

  const app = new Hono({ getPath: plainPath });
  for (const path of ["/v1/projects/:namespace/:project", "/v1"]) {
    app.route(path, api); // longest first: "/v1" would match every path below it
    app.all(`${path}/*`, guard, notFound);
  }
  app.route("/", api); // for base URLs without /v1
  for (const routes of pages) app.route("/", routes);
  app.route("/", health());
  app.notFound(notFound);
  return { app, loaded };
}

/** Collapses double slashes, which a base URL with a final slash causes. */
function plainPath(request: Request): string {
  return getPath(request).replace(/\/{2,}/g, "/");
}

/** Reports errors; a callback that throws can neither end the process nor change a reply. */
function reporter(onError: AppOptions["onError"]): Endpoint["report"] {
  const notify = onError ?? ((error, { id }) => console.error(`${id}: ${redactError(error)}`));
  return async (error, request) => {
    try {
      await notify(withoutSecrets(error), request);
    } catch (failure) {
      console.error(`createApp.onError failed: ${redactError(failure)}`);
    }
  };
}

const notStored = "This server stores no responses; send the whole conversation to POST /v1/responses";

const paths = {
  "/models/": "GET, HEAD",
  "/models": "GET, HEAD",
  "/models/:name{.+}": "GET, HEAD",
  "/chat/completions": "POST",
  "/chat/completions/": "POST",
  "/messages": "POST",
  "/messages/": "POST",
  "/messages/count_tokens": "POST",
  "/embeddings": "POST",
  "/responses": "POST",
  "/responses/": "POST",
};

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
