import type { ConfigProblem } from "../errors/index.js";
import type { McpServer } from "./config-file.js";

/** Each MCP server's position in its file, because a start failure surfaces long after parsing. */
const positions = new WeakMap<McpServer, Position>();

type Position = Pick<ConfigProblem, "path" | "line">;

export function keepPosition(server: McpServer, place: Position): void {
  positions.set(server, place);
}

export const positionOf = (name: string, server: McpServer): Position =>
  positions.get(server) ?? { path: `mcpServers.${name}`, line: 1 };
