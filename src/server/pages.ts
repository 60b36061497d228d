import type { Hono } from "hono";
import type { AppOptions } from "./app-options.js";
import { type KeyCheck, keyCheck } from "./bearer.js";
import type { Catalogue } from "./catalogue.js";
import { metricsRoutes } from "./metrics/metrics-routes.js";
import { RunMetrics } from "./metrics/run-metrics.js";
import type { Endpoint } from "./request/answer-request.js";
import { pageRoutes } from "./ui/page-routes.js";
import { RecentRuns } from "./watch/recent-runs.js";
import { type Watch, watchRuns } from "./watch/watch.js";

interface Places extends Pick<Endpoint, "timeout" | "keepAlive" | "report"> {
  readonly served: Catalogue;
  readonly callerOf: KeyCheck;
}

interface Pages {
  readonly watch: Watch;
  readonly pages: readonly Hono[];
  /** @throws {MissingPackageError} when `prom-client` is needed and not installed */
  readonly loaded: () => Promise<void>;
}

/** Makes `/ui` and `/metrics`, as far as they are wanted, and what tells them of the runs. */
export function openPages(
  { ui = false, metrics = false, apiKeys }: AppOptions,
  { served, callerOf, ...endpoint }: Places,
): Pages {
  const { runs: most = 200, contents = true, apiKeys: pageKeys } = typeof ui === "object" ? ui : {};
  const { apiKeys: scrapeKeys } = typeof metrics === "object" ? metrics : {};
  const runs = ui === false ? undefined : new RecentRuns({ most, contents });
  const counters = metrics === false ? undefined : new RunMetrics(served);
  const watch = watchRuns([...(runs ? [runs] : []), ...(counters ? [counters] : [])]);
  const pages: Hono[] = [];
  if (counters !== undefined) {
    const allowed = scrapeKeys === undefined ? callerOf : keyCheck(scrapeKeys === false ? undefined : scrapeKeys);
    pages.push(metricsRoutes(counters, allowed));
  }
  if (runs !== undefined) {
    const allowed = pageKeys === undefined ? callerOf : keyCheck(pageKeys, "page key");
    const locked = pageKeys !== undefined || apiKeys !== undefined;
    pages.push(pageRoutes({ ...endpoint, runs, most, served, watch, allowed, locked }));
  }
  return { watch, pages, loaded: async () => counters?.loaded() };
}
