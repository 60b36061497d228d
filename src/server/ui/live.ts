import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { breakerStates } from "../../resilience/breaker-states.js";
import { budgetStates } from "../../resilience/budget.js";
import type { Catalogue } from "../catalogue.js";
import { drainingOf } from "../health.js";
import type { KeptRun, RecentRuns } from "../watch/recent-runs.js";
import { isPageRun } from "./ask.js";
import type { DrawnGraph } from "./drawn-graph.js";
import { limitsPanel, spendPanel } from "./panels.js";
import { runItem } from "./run-item.js";
import { runSteps } from "./run-steps.js";

export interface Live {
  readonly runs: RecentRuns;
  readonly served: Catalogue;
  readonly drawn: (served: NonNullable<ReturnType<Catalogue["get"]>>) => Promise<DrawnGraph | undefined>;
  /** Milliseconds of silence until a comment is sent. */
  readonly keepAlive: number;
  /** Returns false once the session of a browser has ended. */
  readonly isOpen: (context: Context) => boolean;
  /** Distinguishes this app from one before a restart. */
  readonly boot: string;
  /** Milliseconds in which changes are collected before they are sent. */
  readonly every: number;
}

/**
 * Streams what changed since the version the browser has. Changes are collected, and read from the list of runs when they are sent, so a
 * browser that reads slowly costs no memory.
 */
export function liveEvents(context: Context, live: Live): Response {
  const { runs, keepAlive, boot, every, isOpen } = live;
  const [begun, since] = (context.req.header("last-event-id") ?? context.req.query("since") ?? "").split(":");
  const draining = drainingOf(context.env);
  context.header("x-accel-buffering", "no");
  context.header("cache-control", "no-store");
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    const end = () => ended.abort();
    stream.onAbort(end);
    draining?.addEventListener("abort", end, { once: true });
    try {
      if (begun !== boot) return void (await stream.writeSSE({ event: "stale", data: "" }));
      let version = Number(since) || 0;
      let shown = "";
      while (!ended.signal.aborted && draining?.aborted !== true && isOpen(context)) {
        const changed = runs.all.filter((run) => run.version > version);
        version = runs.version;
        const id = `${boot}:${version}`;
        if (changed.length > 0) {
          const items = await Promise.all(changed.map((run) => itemOf(run, live)));
          await stream.writeSSE({ event: "runs", id, data: JSON.stringify(items) });
        }
        const panels = JSON.stringify({
          spend: spendPanel(runs.spend).markup,
          limits: limitsPanel(breakerStates(), budgetStates()).markup,
        });
        if (panels === shown) await stream.write(": keep-alive\n\n");
        else await stream.writeSSE({ event: "panels", id, data: panels });
        shown = panels;
        await pause(every, ended.signal);
        if (runs.version === version) await nextChange(runs, keepAlive, ended.signal);
      }
    } finally {
      draining?.removeEventListener("abort", end);
    }
  });
}

async function itemOf(run: KeptRun, { served, drawn }: Live): Promise<object> {
  const { id, status, model } = run;
  const item = { id, status, model, html: runItem(run).markup };
  const graph = isPageRun(run) ? served.get(model) : undefined;
  if (graph === undefined) return item;
  const decisions = run.lines.flatMap(({ decision }) => decision ?? []);
  const lit = (await drawn(graph))?.light(run.visited, decisions);
  return { ...item, steps: runSteps(run).markup, node: run.visited.at(-1), lit, failed: failedNodes(run) };
}

/** Returns the nodes whose latest call failed, as drawings name them. */
function failedNodes({ lines }: KeptRun): readonly string[] {
  const last = new Map(lines.flatMap(({ call }) => (call === undefined ? [] : [[call.path, call] as const])));
  return [...last].flatMap(([path, { error }]) => (error === undefined ? [] : [path.replaceAll("/", ":")]));
}

/** Waits for a change, but not for ever, since breakers and budgets change with time too. */
function nextChange(runs: RecentRuns, most: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      forget();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, most);
    const forget = runs.onChange(done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}

/** Waits, and leaves no listener behind: the signal is that of a connection which may last for days. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
