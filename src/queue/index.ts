export { type BullQueue, type BullQueueOptions, bullQueue } from "./bull-queue.js";
export { type BullWorker, type BullWorkerOptions, bullWorker, type WorkedItem } from "./bull-worker.js";
export type { DeadLetter } from "./job-data.js";
export type { BullConnection } from "./load-bull.js";
