import { type Command, Option } from "commander";
import { command, examples, lazily, wholeNumber } from "./command.js";
import type { WorkerOptions } from "./worker.js";

/** Adds `multimodel worker`. */
export function addWorker(program: Command): void {
  const count = (flags: string, text: string, most: number) =>
    new Option(flags, text).default(most).argParser(wholeNumber);
  command(program, "worker", "answer items of a queue in Redis, as one process of many")
    .option("-m, --model <name>", "model of the file that answers")
    .option("-g, --graph <name>", "graph of the file that answers")
    .option("-t, --task <name>", "task of the file: its parameters, and its model if none is named")
    .option("--redis <url>", "Redis with the queue, budgets and limits; default: REDIS_URL")
    .option("--postgres <url>", "Postgres that keeps half-done items; default: POSTGRES_URL, else they start over")
    .option("--queue <name>", "name of the queue", "multimodel")
    .addOption(count("-c, --concurrency <n>", "maximum number of concurrent items", 8))
    .addOption(count("--lock <seconds>", "time after which an item of a worker that died is given to another", 30))
    .addOption(count("--drain <seconds>", "at the end, time for items under way before they are handed back", 30))
    .option("--forget-threads", "delete the checkpoints of an item that is answered")
    .addHelpText(
      "after",
      `${examples("multimodel worker --graph assistant --redis redis://127.0.0.1:6379 -c 32")}\nNeeds: npm install bullmq ioredis @langchain/langgraph-checkpoint-postgres`,
    )
    .action(lazily(async (options: WorkerOptions) => (await import("./worker.js")).worker(options)));
}
