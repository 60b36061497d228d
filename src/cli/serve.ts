import { once } from "node:events";
import type { Config } from "../config/index.js";
import { withTools } from "../config/with-tools.js";
import { createFallback } from "../index.js";
import { type AppOptions, serve } from "../server/index.js";
import { isKey } from "../server/page-options.js";
import { isThisMachine } from "../server/same-site.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { noteUnavailable, openConfig } from "./open-config.js";
import { explain } from "./report-error.js";
import { note } from "./show-answer.js";
import { targetName } from "./target.js";
import { plural } from "./terminal/outcome-note.js";
import { withoutKeys } from "./terminal/terminal.js";

export interface ServeOptions {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  readonly apiKeyEnv: string;
  readonly insecure?: boolean;
  readonly allowHost?: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly bodyLimit: number;
  readonly stream: AppOptions["stream"];
  readonly ui?: boolean;
  readonly metrics?: boolean;
  /** Seconds. */
  readonly drain?: number;
}

/** Runs `multimodel serve`: serves the models and graphs of a file until Ctrl-C or SIGTERM. */
export async function serveFile(options: ServeOptions): Promise<ExitCode> {
  const { host, port, apiKeyEnv, allowHost: allowedHosts = [], timeout, bodyLimit, stream, drain = 0 } = options;
  const apiKeys = keysOf(apiKeyEnv);
  if (apiKeys.length === 0) checkOpen(options);
  const pages = pagesOf(options);
  const config = await openConfig(options.config);
  noteUnavailable(config);
  const { app, close } = await appOf(config);
  try {
    const limits = { timeout: timeout * 1_000, bodyLimit: bodyLimit * 2 ** 20, ...(stream && { stream }) };
    const server = await serve(
      { ...app, ...limits, ...pages, ...(apiKeys.length > 0 && { apiKeys }) },
      { host, port, allowedHosts, drainMs: drain * 1_000 },
    );
    const stop = stopSignal();
    process.stdout.write(`${withoutKeys(banner(config, server.url, options, apiKeys.length))}\n`);
    await stop;
    const again = stopSignal().then(() => exitCode.interrupted);
    const draining = drain > 0 ? `new requests are accepted for ${plural(drain, "second")}, then ` : "";
    note(`Stopping: ${draining}running requests have 10 seconds to finish. Ctrl-C again stops them now.`);
    const code = await Promise.race([server.close().then(() => exitCode.done), again]);
    if (code === exitCode.interrupted) setImmediate(() => process.exit(code)); // despite open connections
    note("Stopped.");
    return code;
  } finally {
    await close();
  }
}

/** Reads keys, separated by commas, from an environment variable. */
function keysOf(variable: string): readonly string[] {
  const keys = (process.env[variable] ?? "").split(",").flatMap((key) => key.trim() || []);
  if (keys.every(isKey)) return keys;
  throw new UsageError(`${variable} has a key with a space in it; separate keys by commas`);
}

/** Returns the settings of the page and of the metrics, each with keys of its own if its variable has some. */
function pagesOf({ ui = false, metrics = false }: ServeOptions): Pick<AppOptions, "ui" | "metrics"> {
  const own = (variable: string) => {
    const apiKeys = keysOf(variable);
    return apiKeys.length > 0 ? { apiKeys } : true;
  };
  return { ui: ui && own("MULTIMODEL_UI_KEYS"), metrics: metrics && own("MULTIMODEL_METRICS_KEYS") };
}

/** Refuses to serve other machines without keys, unless `--insecure` is set. */
function checkOpen({ host, apiKeyEnv, insecure = false }: ServeOptions): void {
  if (apiKeyEnv !== "MULTIMODEL_API_KEYS")
    throw new UsageError(`${apiKeyEnv} has no keys; set it, or leave out --api-key-env`);
  if (insecure || isThisMachine(host)) return;
  throw new UsageError(
    [
      `on ${host} other machines can call at your expense, and no keys are set`,
      "Set MULTIMODEL_API_KEYS (separated by commas), or give --insecure to let anyone call.",
    ].join("\n"),
  );
}

/** Adds the tools of models; a model with tools is an agent, so it is served as a graph. */
async function appOf(config: Config): Promise<{ readonly app: AppOptions; close(): Promise<void> }> {
  const { models, graphs, close } = await withTools(config);
  const granted = Object.keys(models).filter((name) => models[name] !== config.models[name]);
  const plain = Object.entries(models).filter(([name]) => !granted.includes(name));
  const agents = granted.map((name) => [name, createFallback({ models: { [name]: models[name]! } })] as const);
  return {
    app: {
      models: Object.fromEntries(plain),
      graphs: { ...graphs, ...Object.fromEntries(agents) },
      defaultModel: targetName(config, {}),
      ...tasksOf(config),
      ...(config.embeddings && { embeddings: { [embedderName(config.embeddings)]: config.embeddings } }),
      onError: (error, { id }) => note(`error: ${id}: ${withoutKeys(explain(error))}`),
    },
    close,
  };
}

/** Returns the provider's id of the file's embedder. */
function embedderName(embedder: object): string {
  const { model, modelName } = embedder as { readonly model?: unknown; readonly modelName?: unknown };
  const named = [model, modelName].find((name) => typeof name === "string" && name !== "");
  return typeof named === "string" ? named : "embeddings";
}

/** Returns the tasks a request may name; a file with tables only leaves other words to their defaults. */
function tasksOf({ tasks, taskNames }: Config): Pick<AppOptions, "tasks"> {
  if (Object.keys(tasks).length === 0) return {};
  const modelOf = (name: string) => (Object.hasOwn(tasks, name) ? tasks[name]!.model : undefined);
  const named = taskNames.map((name) => [name, modelOf(name)] as const);
  return { tasks: Object.fromEntries(named.map(([name, model]) => [name, model === undefined ? {} : { model }])) };
}

function banner(config: Config, url: string, { apiKeyEnv: variable, ui, metrics }: ServeOptions, keys: number): string {
  const names = (named: object) => Object.keys(named).join(", ");
  const key = keys > 1 ? "ONE_OF_THE_KEYS" : `$${variable}`;
  const graphs = Object.keys(config.graphs).length > 0 ? [`  graphs   ${names(config.graphs)}`] : [];
  return [
    `multimodel listens on ${url}/v1`,
    `  models   ${names(config.models)}`,
    ...graphs,
    ...(config.taskNames.length > 0 ? [`  tasks    ${config.taskNames.join(", ")}`] : []),
    `  default  ${targetName(config, {})}`,
    ...(ui ? [`  page     ${url}/ui`] : []),
    ...(metrics ? [`  metrics  ${url}/metrics`] : []),
    `  keys     ${keys > 0 ? `${plural(keys, "key")} of ${variable}` : "not required: every caller is accepted"}`,
    "",
    "Try it:",
    `  curl ${url}/v1/chat/completions \\`,
    ...(keys > 0 ? [`    -H "Authorization: Bearer ${key}" \\`] : []),
    '    -H "Content-Type: application/json" \\',
    `    -d '{"model":"${targetName(config, {})}","messages":[{"role":"user","content":"Hi"}]}'`,
    "",
    "Ctrl-C stops it.",
  ].join("\n");
}

async function stopSignal(): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  await Promise.race([once(process, "SIGINT", { signal }), once(process, "SIGTERM", { signal })]).finally(() =>
    listening.abort(),
  );
}
