export type { AppOptions, FailedRequest } from "./app-options.js";
export { createApp } from "./create-app.js";
export type { MetricsOptions, UiOptions } from "./page-options.js";
export { type RunningServer, type ServeOptions, serve } from "./serve.js";
