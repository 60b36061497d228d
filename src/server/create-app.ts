import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { InvalidOptionError } from "../errors.js";
import type { MessagesGraph, MessagesGraphBuilder, Models } from "../models/model.js";
import { answerRequest } from "./answer-request.js";
import { bearerCheck } from "./bearer.js";
import { catalogueOf, type Served } from "./catalogue.js";
import { ChatRequest } from "./chat-request.js";
import { type ErrorReply, errorReply, replyTo, send } from "./request-error.js";

/** Options of `createApp`. */
export interface AppOptions {
  /** Models by the name requests choose them by. */
  readonly models?: Models;
  /** Graphs by the name requests choose them by: patterns, compiled or not, and agents. */
  readonly graphs?: Readonly<Record<string, MessagesGraph | MessagesGraphBuilder>>;
  /** Answers requests that name no `model`. @default the first graph, else the first model */
  readonly defaultModel?: string;
  /** Callers must send one of them: `Authorization: Bearer …`. @default everybody may call */
  readonly apiKeys?: readonly string[];
  /** Bytes of a request's body. @default 10 MiB */
  readonly bodyLimit?: number;
  /** Milliseconds until a request that has no answer is given up. @default 300,000 */
  readonly timeout?: number;
  /** Is told of every error behind a reply of 500 and above. @default `console.error` of its message */
  readonly onError?: (error: unknown) => void;
}

/**
 * Serves models and graphs as an OpenAI-compatible endpoint: `POST /v1/chat/completions` and `GET /v1/models`.
 *
 * **When to use** - programs that speak OpenAI's API should use a cascade or a router as if it were one model. Mount it in a Hono
 * app of your own, or as `http.app` of a LangGraph server; `serve` starts it alone.
 * **Gotchas** - a graph answers with settings of its own: `temperature` and the like apply to plain models only, and
 * `orchestration.ignored` says what was left out. No CORS headers are sent. Paths below `/v1/projects/{namespace}/{project}` are the same.
 *
 * @returns a Hono app; it keeps nothing between requests
 * @example
 * ```ts
 * import { createApp } from "langgraph-multimodel/server";
 * const app = createApp({ models: { small, large }, graphs: { assistant: createFallback({ models: { small, large } }) } });
 * const reply = await app.request("/v1/models");
 * ```
 * @throws {InvalidOptionError} when nothing is served, a name is taken twice, or an option is out of range
 */
export function createApp(options: AppOptions): Hono {
  checkOptions(options);
  const { models = {}, graphs = {}, apiKeys, timeout = 300_000 } = options;
  const served = catalogueOf(models, graphs);
  const fallbackName = options.defaultModel ?? Object.keys(graphs)[0] ?? Object.keys(models)[0]!;
  if (!served.has(fallbackName)) {
    throw new InvalidOptionError(
      "createApp.defaultModel",
      fallbackName,
      `name one of ${[...served.keys()].join(", ")}`,
    );
  }
  const report = options.onError ?? ((error: unknown) => console.error(replyTo(error).body.error.message));
  const allowed = bearerCheck(apiKeys);
  const limit = options.bodyLimit ?? 10 * 2 ** 20;

  const app = new Hono();
  const api = new Hono();
  api.use(async (context, next) => {
    if (allowed(context.req.header("authorization"))) return next();
    return send(context, errorReply(401, "Send a valid key: Authorization: Bearer …", { code: "invalid_api_key" }));
  });
  api.get("/models", (context) => context.json({ object: "list", data: [...served.values()].map(modelCard) }));
  api.get("/models/:name", (context) => {
    const name = context.req.param("name");
    const found = served.get(name);
    return found === undefined ? send(context, unknownModel(name, served)) : context.json(modelCard(found));
  });
  const tooLarge = errorReply(413, `The body has more than ${limit} bytes`, { code: "request_too_large" });
  api.post(
    "/chat/completions",
    bodyLimit({ maxSize: limit, onError: (context) => send(context, tooLarge) }),
    async (context) => {
      const read = await readRequest(context);
      if ("refused" in read) return send(context, read.refused);
      const name = read.request.model ?? fallbackName;
      const found = served.get(name);
      if (found === undefined) return send(context, unknownModel(name, served));
      return answerRequest(context, read.request, found, { timeout, report });
    },
  );
  app.route("/v1", api);
  app.route("/v1/projects/:namespace/:project", api);
  app.get("/health", (context) => context.json({ status: "ok" }));
  app.notFound((context) =>
    send(context, errorReply(404, `There is no ${context.req.method} ${context.req.path} here`)),
  );
  app.onError((error, context) => {
    report(error);
    return send(context, replyTo(error));
  });
  return app;
}

async function readRequest(
  context: Context,
): Promise<{ readonly request: ChatRequest } | { readonly refused: ErrorReply }> {
  let body: unknown;
  try {
    body = JSON.parse(await context.req.text());
  } catch {
    return { refused: errorReply(400, "The body is no JSON") };
  }
  const { data: request, error } = ChatRequest.safeParse(body);
  if (request !== undefined) return { request };
  const param = error.issues[0]?.path.join(".") || "body";
  return { refused: errorReply(400, z.prettifyError(error), { param }) };
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

function checkOptions({ apiKeys, bodyLimit, timeout }: AppOptions): void {
  if (apiKeys !== undefined && !(apiKeys.length > 0 && apiKeys.every((key) => typeof key === "string" && key !== ""))) {
    throw new InvalidOptionError(
      "createApp.apiKeys",
      "[hidden]",
      "give at least one key, each a text; leave it out to let everybody call",
    );
  }
  for (const [name, value] of Object.entries({ bodyLimit, timeout })) {
    if (value === undefined || (typeof value === "number" && value > 0)) continue;
    throw new InvalidOptionError(
      `createApp.${name}`,
      value,
      name === "timeout" ? "give ms above 0" : "give bytes above 0",
    );
  }
}
