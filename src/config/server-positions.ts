import type { ConfigProblem } from "../errors/index.js";
import type { McpServer } from "./mcp-server.js";

/** What is known of an MCP server besides its spec. */
interface ServerPlace {
  readonly position: Pick<ConfigProblem, "path" | "line">;
  /** Variables of its spec without a value; without them it cannot be started. */
  readonly lacks: readonly ConfigProblem[];
}

/** Each MCP server's place in its file, because a start failure surfaces long after parsing. */
const places = new WeakMap<McpServer, ServerPlace>();

export function keepPlace(server: McpServer, place: ServerPlace): void {
  places.set(server, place);
}

export const placeOf = (name: string, server: McpServer): ServerPlace =>
  places.get(server) ?? { position: { path: `mcpServers.${name}`, line: 1 }, lacks: [] };
