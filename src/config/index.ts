export { ConfigFile } from "./config-file-schema.js";
export { type Config, type LoadOptions, loadConfig, loadGraphs, loadModels, parseConfig } from "./load-config.js";
export type { McpServer } from "./mcp-server.js";
export { type WithTools, withTools } from "./with-tools.js";
