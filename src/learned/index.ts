export { loadRouter } from "./load-router.js";
export { localEmbeddings } from "./local-embeddings.js";
export { type RoutingExample, type TrainOptions, trainRouter } from "./train-router.js";
export type { TrainedRouter } from "./trained-router.js";
