import type { ConfigProblem } from "../errors/index.js";
import type { McpServer } from "./config-file.js";

/** Where servers stand in their file: that one does not start is found long after the file was read. */
const places = new WeakMap<McpServer, Place>();

type Place = Pick<ConfigProblem, "path" | "line">;

export function keepPlace(server: McpServer, place: Place): void {
  places.set(server, place);
}

export const placeOf = (name: string, server: McpServer): Place =>
  places.get(server) ?? { path: `mcpServers.${name}`, line: 1 };
