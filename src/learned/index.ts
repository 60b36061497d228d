export type { CascadeFigures, CascadeReport, CascadeTarget } from "./cascade/report.js";
export type { CascadeVerify } from "./cascade/verify-by-policy.js";
export { loadCascade } from "./load-cascade.js";
export { loadRouter } from "./load-router.js";
export { localEmbeddings } from "./local-embeddings.js";
export { type TrainCascadeOptions, trainCascade } from "./train-cascade.js";
export { type RoutingExample, type TrainOptions, trainRouter } from "./train-router.js";
export type { TrainedCascade } from "./trained-cascade.js";
export type { TrainedRouter } from "./trained-router.js";
