export { type AppOptions, createApp } from "./create-app.js";
export { type RunningServer, type ServeOptions, serve } from "./serve.js";
