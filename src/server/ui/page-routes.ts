import { randomUUID } from "node:crypto";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie } from "hono/cookie";
import { bearerOf, type KeyCheck } from "../bearer.js";
import type { Catalogue } from "../catalogue.js";
import { drainingOf } from "../health.js";
import type { Endpoint } from "../request/answer-request.js";
import type { RecentRuns } from "../watch/recent-runs.js";
import type { Watch } from "../watch/watch.js";
import { ask } from "./ask.js";
import { comparePage } from "./compare-page.js";
import { drawnGraphs } from "./drawn-graph.js";
import { liveEvents } from "./live.js";
import { ownForms } from "./own-forms.js";
import { page } from "./page.js";
import { pageScript } from "./page-script.js";
import { pageStyle } from "./page-style.js";
import { reportOf } from "./report-of.js";
import { Sessions, sessionSeconds } from "./sessions.js";
import { signIn } from "./sign-in.js";

interface PageSettings extends Pick<Endpoint, "timeout" | "keepAlive" | "report"> {
  readonly runs: RecentRuns;
  readonly served: Catalogue;
  readonly watch: Watch;
  readonly allowed: KeyCheck;
  /** True if a key is needed. */
  readonly locked: boolean;
  /** Most runs that are kept. */
  readonly most: number;
}

const cookie = "multimodel_session";
/** Milliseconds in which changes are collected. */
const every = 200;
/** Most bytes of a question. */
const mostBytes = 256 * 1_024;

/** Routes of the page. */
export function pageRoutes({ runs, served, watch, allowed, locked, most, ...endpoint }: PageSettings): Hono {
  const sessions = new Sessions();
  const boot = randomUUID().slice(0, 8);
  const drawn = drawnGraphs();
  const app = new Hono();
  app.use("/ui/*", safely, ownForms, bodyLimit({ maxSize: mostBytes }));
  app.get("/ui/style.css", (context) => context.body(pageStyle, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/ui/script.js", (context) =>
    context.body(pageScript, 200, { "content-type": "text/javascript; charset=utf-8" }),
  );
  app.get("/ui/", (context) => context.redirect("../ui"));
  app.get("/ui/sign-in", (context) => context.redirect("../ui"));
  app.post("/ui/sign-in", async (context) => {
    const { key } = await fieldsOf(context);
    const caller = allowed(typeof key === "string" ? key.trim() : undefined);
    if (caller === undefined) return context.html(signIn({ root: "../", refused: true }).markup, 401);
    const secure = isSecure(context) ? "; Secure" : "";
    const cookieText = `${cookie}=${sessions.open(caller)}; HttpOnly; SameSite=Strict; Max-Age=${sessionSeconds}${secure}`;
    context.header("set-cookie", cookieText); // without a path: the browser's default is that of the page, behind any proxy
    return context.redirect("../ui", 303);
  });
  const callerOf = (context: Context) =>
    sessions.callerOf(getCookie(context, cookie)) ?? allowed(bearerOf(context.req.header("authorization")));
  const isOpen = (context: Context) => callerOf(context) !== undefined;
  const live = { runs, served, drawn, boot, every, isOpen, keepAlive: endpoint.keepAlive };
  const guard: MiddlewareHandler = async (context, next) => {
    const caller = callerOf(context);
    if (caller === undefined) return context.html(signIn({ root: rootOf(context), refused: false }).markup, 401);
    context.set("caller", caller);
    return next();
  };
  app.use("/ui/*", guard);
  app.get("/ui", (context) => {
    const signedIn = locked && getCookie(context, cookie) !== undefined;
    return context.html(
      page({ runs, most, served: [...served.values()], since: `${boot}:${runs.version}`, signedIn }).markup,
    );
  });
  app.post("/ui/sign-out", (context) => {
    sessions.close(getCookie(context, cookie));
    context.header("set-cookie", `${cookie}=; HttpOnly; SameSite=Strict; Max-Age=0`);
    return context.redirect("../ui", 303);
  });
  app.get("/ui/compare", (context) => context.html(comparePage(runs.all, context.req.query()).markup));
  app.get("/ui/events", (context) => liveEvents(context, live));
  app.get("/ui/graph", async (context) => {
    const found = served.get(context.req.query("model") ?? "");
    const graph = found && (await drawn(found));
    if (graph === undefined) return context.notFound();
    return context.body(graph.svg, 200, { "content-type": "image/svg+xml; charset=utf-8" });
  });
  app.post("/ui/ask", async (context) => {
    const { model, question } = await fieldsOf(context);
    const found = typeof model === "string" ? served.get(model) : undefined;
    if (found === undefined || typeof question !== "string" || question.trim() === "")
      return context.text("Give a model of this endpoint and a question", 400);
    const stop = drainingOf(context.env) ?? new AbortController().signal;
    const caller = (context as Context).get("caller") as string;
    const id = ask({ ...endpoint, served: found, question, caller, runs, watch: watch!, stop });
    if (context.req.header("accept")?.includes("application/json")) return context.json({ id }, 202);
    return context.redirect(`../ui/runs/${id}`, 303);
  });
  app.get("/ui/runs/:id", async (context) => {
    const run = runs.get(context.req.param("id"));
    if (run === undefined) return context.text("This run is not kept any more", 404);
    context.header("content-security-policy", reportPolicy);
    return context.html(await reportOf(run, served.get(run.model)));
  });
  return app;
}

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** Of a report, which has its styles in it and no script. */
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Sends headers that keep other sites and scripts out. */
const safely: MiddlewareHandler = async (context, next) => {
  await next();
  const headers = {
    "content-security-policy": pagePolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
  };
  for (const [name, value] of Object.entries(headers))
    if (!context.res.headers.has(name)) context.res.headers.set(name, value);
};

/** Reads the fields of a form; a body that is no form has none. */
async function fieldsOf({ req }: Context): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await req.parseBody();
  } catch (error) {
    if (error instanceof TypeError) return {}; // of `formData`; a body that is too large throws another error
    throw error;
  }
}

/** Returns the relative path from a page below `/ui` to the folder of `ui`. */
function rootOf({ req }: Context): string {
  const below = req.path.slice(req.path.lastIndexOf("/ui") + 3);
  return "../".repeat(below.split("/").length - 1);
}

function isSecure({ req }: Context): boolean {
  return req.header("x-forwarded-proto") === "https" || req.url.startsWith("https:");
}
