export { ConfigFile, type McpServer } from "./config-file.js";
export { type Config, type LoadOptions, loadConfig, loadGraphs, loadModels, parseConfig } from "./load-config.js";
export { type WithTools, withTools } from "./with-tools.js";
