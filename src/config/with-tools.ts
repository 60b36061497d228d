import { MissingPackageError } from "../errors.js";
import type { ModelEntry } from "../models/model.js";
import type { McpServer } from "./config-file.js";
import type { Config } from "./load-config.js";

/** Models whose tools are at hand. */
export interface ModelsWithTools {
  /** Those that were asked for. A model that was granted servers is an agent with their tools. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  /** Ends the servers. */
  close(): Promise<void>;
}

/**
 * Gives models the tools of the MCP servers they were granted in the file.
 *
 * **When to use** - before models of a file are asked that have `mcpServers`; the command line and the server do it.
 * **Gotchas** - a server of the kind `command` is a process that runs until `close()`. An agent has no `firstTokenTimeout`: its first
 * token may come after any number of tool calls.
 *
 * @param names the models that are wanted; servers nobody of them was granted are not started
 * @example
 * ```ts
 * import { loadConfig, withTools } from "langgraph-multimodel/config";
 * const config = await loadConfig("models.example.yaml", { env: { OPENAI_API_KEY: "sk-…", GOOGLE_API_KEY: "…" } });
 * const { models, close } = await withTools(config, ["fast"]);
 * await close();
 * ```
 * @throws {MissingPackageError} when `langchain` or `@langchain/mcp-adapters` is not installed and a model was granted a server
 */
export async function withTools(
  { models, grants, mcpServers }: Config,
  names: readonly string[] = Object.keys(models),
): Promise<ModelsWithTools> {
  const wanted = Object.fromEntries(names.map((name) => [name, models[name]!]));
  const granted = names.filter((name) => (grants[name]?.length ?? 0) > 0);
  if (granted.length === 0) return { models: wanted, close: async () => {} };
  const { createAgent, MultiServerMCPClient } = await packages(granted[0]!);
  const needed = new Set(granted.flatMap((name) => grants[name]!));
  const client = new MultiServerMCPClient({
    mcpServers: Object.fromEntries([...needed].map((name) => [name, connection(mcpServers[name]!)])),
  });
  const close = () => client.close();
  try {
    const agents = await Promise.all(
      granted.map(async (name) => {
        const { firstTokenTimeout: _none, ...entry } = wanted[name]!;
        const tools = await client.getTools(...grants[name]!);
        const agent = createAgent({ model: entry.model as ChatModel, tools });
        return [name, { ...entry, model: agent, retry: entry.retry ?? {} }] as const; // its client has no retries of its own
      }),
    );
    return { models: { ...wanted, ...(Object.fromEntries(agents) as Record<string, ModelEntry>) }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type ChatModel = Exclude<Parameters<typeof import("langchain")["createAgent"]>[0]["model"], string>;

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
