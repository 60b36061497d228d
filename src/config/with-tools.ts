import type { Runnable } from "@langchain/core/runnables";
import { ConfigError, InvalidOptionError, MissingPackageError } from "../errors/index.js";
import type { ModelEntry, PatternGraph } from "../index.js";
import { withParameters } from "../models/client.js";
import { redactError } from "../secrets/redact.js";
import type { McpServer } from "./config-file.js";
import type { Config } from "./load-config.js";
import { placeOf } from "./server-places.js";

/** Models and graphs whose tools are at hand. */
export interface WithTools {
  /** Those that were asked for. A model that was granted servers is an agent with their tools. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  /** Those that were asked for, of such models. */
  readonly graphs: Readonly<Record<string, PatternGraph>>;
  /** Ends the servers. */
  close(): Promise<void>;
}

/**
 * Gives models, and the graphs made of them, the tools of the MCP servers they were granted in the file.
 *
 * **When to use** - before models or graphs of a file are asked that have `mcpServers`; the command line and the server do it.
 * **Gotchas** - a server of the kind `command` is a process that runs until `close()`. An agent has no `firstTokenTimeout`: its first
 * token may come after any number of tool calls. In a graph a model has its tools where it answers; where it judges, routes or sums
 * up it is asked for a form, and has none.
 *
 * @param names the models and graphs that are wanted; servers nobody of them was granted are not started
 * @example
 * ```ts
 * import { loadConfig, withTools } from "langgraph-multimodel/config";
 * const config = await loadConfig("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * const { graphs, close } = await withTools(config, ["assistant"]);
 * await close();
 * ```
 * @throws {MissingPackageError} when `langchain` or `@langchain/mcp-adapters` is not installed and a model was granted a server
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
  const asked = new Set(names.flatMap((name) => (Object.hasOwn(models, name) ? [name] : members[name]!)));
  const granted = [...asked].filter((name) => (grants[name]?.length ?? 0) > 0);
  if (granted.length === 0) return { models: pick(models, names), graphs: pick(graphs, names), close: async () => {} };
  const { createAgent, tools, close } = await start(config, granted);
  const armed = new WeakMap<ModelEntry, ModelEntry>();

  /** An entry that is in several places stays one entry. */
  function arm(name: string, entry: ModelEntry): ModelEntry {
    if (!granted.includes(name)) return entry;
    const known = armed.get(entry);
    if (known !== undefined) return known;
    const { firstTokenTimeout: _none, parameters, ...rest } = entry;
    const client = withParameters(entry.model as Runnable, parameters, name);
    const agent = createAgent({
      model: client as unknown as ChatModel,
      tools: grants[name]!.flatMap((server) => tools[server]!),
    });
    const made = { ...rest, model: agent, retry: entry.retry ?? {} }; // its client has no retries of its own
    armed.set(entry, made);
    return made;
  }

  const agents = Object.fromEntries(Object.entries(models).map(([name, entry]) => [name, arm(name, entry)]));
  return { models: pick(agents, names), graphs: pick(config.graphsOf(arm), names), close };
}

type ChatModel = Exclude<Parameters<typeof import("langchain")["createAgent"]>[0]["model"], string>;

/** Starts the servers some models were granted, and asks them for their tools. */
async function start({ file, grants, mcpServers }: Config, granted: readonly string[]) {
  const { createAgent, MultiServerMCPClient } = await packages(granted[0]!);
  const needed = [...new Set(granted.flatMap((name) => grants[name]!))];
  const clients = needed.map((name) => new MultiServerMCPClient({ [name]: connection(mcpServers[name]!) }));
  const close = async () => {
    await Promise.all(clients.map((client) => client.close()));
  };
  const answers = await Promise.allSettled(clients.map((client) => client.getTools()));
  const problems = answers.flatMap((answer, index) => {
    if (answer.status === "fulfilled") return [];
    const server = mcpServers[needed[index]!]!;
    const what = "url" in server ? "does not answer; start it, or mend its url" : "does not start; mend its command";
    return [{ ...placeOf(needed[index]!, server), message: `${what} (${redactError(answer.reason)})` }];
  });
  if (problems.length > 0) {
    await close();
    throw new ConfigError(file, problems);
  }
  const tools = answers.map(
    (answer, index) => [needed[index]!, answer.status === "fulfilled" ? answer.value : []] as const,
  );
  return { createAgent, tools: Object.fromEntries(tools), close };
}

async function packages(model: string) {
  try {
    const [{ createAgent }, { MultiServerMCPClient }] = await Promise.all([
      import("langchain"),
      import("@langchain/mcp-adapters"),
    ]);
    return { createAgent, MultiServerMCPClient };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
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
