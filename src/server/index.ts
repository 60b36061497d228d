export type { AppOptions, FailedRequest } from "./app-options.js";
export { createApp } from "./create-app.js";
export { type RunningServer, type ServeOptions, serve } from "./serve.js";
