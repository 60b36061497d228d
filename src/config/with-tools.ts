import type { Runnable } from "@langchain/core/runnables";
import { ConfigError, InvalidOptionError, MissingPackageError } from "../errors/index.js";
import type { ModelEntry, PatternGraph } from "../index.js";
import { withParameters } from "../models/client.js";
import { unavailability } from "../models/unavailable-model.js";
import { redactError } from "../secrets/redact.js";
import type { Config } from "./load-config.js";
import { mapValues } from "./map-values.js";
import type { McpServer } from "./mcp-server.js";
import { isModuleNotFound } from "./models/build-model.js";
import { placeOf } from "./server-positions.js";
import { taskMiddleware } from "./task-clients.js";

/** Models and graphs with their tools. */
export interface WithTools {
  /** The requested models. A model with granted servers is an agent that has their tools. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  /** The requested graphs, built of such models. */
  readonly graphs: Readonly<Record<string, PatternGraph>>;
  /** Stops the servers. */
  close(): Promise<void>;
}

/**
 * Gives models, and the graphs built of them, the tools of the MCP servers the file grants them.
 *
 * **When to use** - before calling models or graphs of a file that have `mcpServers`; the command line and the server do it for you.
 * **Gotchas** - a server with a `command` is a process that runs until `close()`. `firstTokenTimeout` does not apply to an agent,
 * whose first token may follow any number of tool calls. In a graph, a model has its tools where it answers, but not where it
 * judges, routes or sums up.
 *
 * @param names the requested models and graphs; only servers granted to them are started
 * @example
 * ```ts
 * import { loadConfig, withTools } from "langgraph-multimodel/config";
 * const config = await loadConfig("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * const { graphs, close } = await withTools(config, ["assistant"]);
 * await close();
 * ```
 * @throws {MissingPackageError} when a model has a granted server and `langchain` or `@langchain/mcp-adapters` is not installed
 * @throws {ConfigError} when a server does not start
 */
export async function withTools(
  config: Config,
  names: readonly string[] = [...Object.keys(config.models), ...Object.keys(config.graphs)],
): Promise<WithTools> {
  const { models, graphs, grants, members } = config;
  for (const name of names) {
    if (!Object.hasOwn(models, name) && !Object.hasOwn(graphs, name)) {
      throw new InvalidOptionError("withTools.names", name, `write models or graphs of ${config.file}`);
    }
  }
  const called = new Set(names.flatMap((name) => (Object.hasOwn(models, name) ? [name] : members[name]!)));
  const granted = [...called].filter(
    (name) => (grants[name]?.length ?? 0) > 0 && unavailability(models[name]!) === undefined,
  );
  if (granted.length === 0) return { models: pick(models, names), graphs: pick(graphs, names), close: async () => {} };
  const { createAgent, createMiddleware, tools, close } = await start(config, granted);
  const agents = new WeakMap<ModelEntry, ModelEntry>();

  /** Makes one agent for each entry, however often the entry is used. */
  function addTools(name: string, entry: ModelEntry): ModelEntry {
    if (!granted.includes(name)) return entry;
    const known = agents.get(entry);
    if (known !== undefined) return known;
    const { firstTokenTimeout: _none, parameters, taskParameters: _own, ...rest } = entry;
    const client = withParameters(entry.model as Runnable, parameters, name);
    const agent = createAgent({
      model: client as unknown as ChatModel,
      tools: grants[name]!.flatMap((server) => tools[server]!),
      middleware: taskMiddleware(createMiddleware, client, entry),
    });
    const made = { ...rest, model: agent, retry: entry.retry ?? {} }; // its client has no retries of its own
    agents.set(entry, made);
    return made;
  }

  const equipped = mapValues(models, (entry, name) => addTools(name, entry));
  return { models: pick(equipped, names), graphs: pick(config.graphsOf(addTools), names), close };
}

type ChatModel = Exclude<Parameters<typeof import("langchain")["createAgent"]>[0]["model"], string>;

/** Starts the servers granted to some models, and lists their tools. */
async function start({ file, grants, mcpServers }: Config, granted: readonly string[]) {
  const needed = [...new Set(granted.flatMap((name) => grants[name]!))];
  const lacks = needed.flatMap((name) => placeOf(name, mcpServers[name]!).lacks);
  if (lacks.length > 0) throw new ConfigError(file, lacks);
  const { MultiServerMCPClient, ...agents } = await packages(granted[0]!);
  const clients = needed.map((name) => new MultiServerMCPClient({ [name]: connection(mcpServers[name]!) }));
  const close = async () => {
    await Promise.all(clients.map((client) => client.close()));
  };
  const answers = await Promise.allSettled(clients.map((client) => client.getTools()));
  const problems = answers.flatMap((answer, index) => {
    if (answer.status === "fulfilled") return [];
    const server = mcpServers[needed[index]!]!;
    const what = "url" in server ? "does not answer; start it, or fix its url" : "does not start; fix its command";
    return [{ ...placeOf(needed[index]!, server).position, message: `${what} (${redactError(answer.reason)})` }];
  });
  if (problems.length > 0) {
    await close();
    throw new ConfigError(file, problems);
  }
  const tools = answers.map(
    (answer, index) => [needed[index]!, answer.status === "fulfilled" ? answer.value : []] as const,
  );
  return { ...agents, tools: Object.fromEntries(tools), close };
}

async function packages(model: string) {
  try {
    const [{ createAgent, createMiddleware }, { MultiServerMCPClient }] = await Promise.all([
      import("langchain"),
      import("@langchain/mcp-adapters"),
    ]);
    return { createAgent, createMiddleware, MultiServerMCPClient };
  } catch (error) {
    if (!isModuleNotFound(error)) throw error;
    throw new MissingPackageError(`The model "${model}"`, ["langchain", "@langchain/mcp-adapters"], error);
  }
}

function connection(server: McpServer) {
  if ("url" in server) return { ...server, transport: server.transport ?? ("http" as const) };
  const { args = [], ...rest } = server;
  return { ...rest, args, transport: "stdio" as const, stderr: "ignore" as const };
}

const pick = <Value>(record: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]!]));
