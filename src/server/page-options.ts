import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";

/** Options of the page of `createApp({ ui })`. */
export interface UiOptions {
  /** Keys that open the page, in the place of those of the endpoint. @default `apiKeys` of the app */
  readonly apiKeys?: readonly string[];
  /** Latest runs that are kept and shown, at most 1,000; each takes at most about 170 kB. @default 200 */
  readonly runs?: number;
  /** False shows neither questions nor answers, which everyone with a key of the page could read. @default true */
  readonly contents?: boolean;
}

/** Options of `createApp({ metrics })`. */
export interface MetricsOptions {
  /** Keys that open `/metrics` and nothing else, in the place of those of the endpoint; `false` opens it to everyone. @default `apiKeys` of the app */
  readonly apiKeys?: readonly string[] | false;
}

/** Throws unless `ui` and `metrics` are valid. */
export function checkPageOptions({
  ui,
  metrics,
}: {
  readonly ui?: boolean | UiOptions;
  readonly metrics?: boolean | MetricsOptions;
}): void {
  if (isObject(ui)) {
    checkKeys<UiOptions>(ui, "createApp.ui", ["apiKeys", "runs", "contents"]);
    const { runs, contents } = ui;
    if (runs !== undefined && !(Number.isInteger(runs) && runs > 0 && runs <= 1_000))
      throw new InvalidOptionError("createApp.ui.runs", runs, "give a whole number from 1 to 1000");
    if (contents !== undefined && typeof contents !== "boolean")
      throw new InvalidOptionError("createApp.ui.contents", contents, "give true or false");
  } else if (ui !== undefined && typeof ui !== "boolean")
    throw new InvalidOptionError("createApp.ui", ui, "give true, or { apiKeys, runs, contents }");
  if (isObject(metrics)) checkKeys<MetricsOptions>(metrics, "createApp.metrics", ["apiKeys"]);
  else if (metrics !== undefined && typeof metrics !== "boolean")
    throw new InvalidOptionError("createApp.metrics", metrics, "give true, or { apiKeys }");
  if (isObject(ui)) checkAccess("createApp.ui.apiKeys", ui.apiKeys);
  if (isObject(metrics) && metrics.apiKeys !== false) checkAccess("createApp.metrics.apiKeys", metrics.apiKeys);
}

function isObject<Options extends object>(given: boolean | Options | undefined): given is Options {
  return typeof given === "object" && given !== null;
}

function checkAccess(option: string, keys: unknown): void {
  if (keys === undefined || isKeys(keys)) return;
  throw new InvalidOptionError(option, keys, "give at least one key without spaces");
}

/** Checks that a value is a list of keys. */
export function isKeys(keys: unknown): keys is readonly string[] {
  return Array.isArray(keys) && keys.length > 0 && keys.every(isKey);
}

/** Checks that a key fits a header. */
export function isKey(key: unknown): boolean {
  return typeof key === "string" && /^\S+$/.test(key);
}
