import type { Command } from "commander";
import { command, examples, lazily } from "./command.js";
import type { RouteOptions } from "./route.js";

/** Adds `multimodel route`. */
export function addRoute(program: Command): void {
  command(program, "route", "say where a question would go and what it would cost, without asking it")
    .argument("<question>", "the question")
    .option("-m, --model <name>", "model of the file that would answer")
    .option("-g, --graph <name>", "graph of the file that would answer")
    .option("-t, --task <name>", "task of the file")
    .option("--classify", "call classifiers, embedders and trained routers, at their price")
    .option("--json", "print one JSON object: target, route, order, cost")
    .addHelpText(
      "after",
      examples(
        'multimodel route "Why is the sky blue?"',
        'multimodel route --graph assistant --classify "What is 3 * 6?"',
        'multimodel route --json "Hi" | jq .cost.worst',
      ),
    )
    .action(
      lazily(async (question: string, options: RouteOptions) => (await import("./route.js")).route(question, options)),
    );
}
