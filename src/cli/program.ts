import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { addCalibrate } from "./calibrate/calibrate-command.js";
import type { ChatOptions } from "./chat.js";
import { command, dollarAmount, examples, lazily, portNumber, wholeNumber, withoutValues } from "./command.js";
import { addCompare } from "./compare-command.js";
import type { DoctorOptions } from "./doctor.js";
import { addEval } from "./eval-command.js";
import type { GraphOptions } from "./graph.js";
import type { InitOptions } from "./init.js";
import type { KernelOptions } from "./kernel.js";
import type { ModelsOptions } from "./models.js";
import { addRoute } from "./route-command.js";
import type { RunOptions } from "./run.js";
import type { ServeOptions } from "./serve.js";
import type { StudioOptions } from "./studio.js";
import { addTrain } from "./train-command.js";
import { addWorker } from "./worker-command.js";

/** Defines the command line. Loads a command's modules only when it runs, so that `--help` is fast. */
export function createProgram(): Command {
  const program = new Command("multimodel")
    .description("Several models that work as one: from a file, at the command line, behind one endpoint.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help; of a command: multimodel chat --help")
    .helpCommand("help [command]", "print help; of a command: multimodel help chat")
    .showHelpAfterError("(see --help)")
    .configureOutput({ outputError: (text, write) => write(withoutValues(text)) })
    .addOption(new Option("--config <file>", "models and graphs; default: models.yaml, models.yml or models.json here"))
    .exitOverride();
  addChat(program);
  addRun(program);
  addEval(program);
  addCompare(program);
  addCalibrate(program);
  addTrain(program);
  addModels(program);
  addGraph(program);
  addRoute(program);
  addServe(program);
  addWorker(program);
  addStudio(program);
  addKernel(program);
  addDoctor(program);
  addInit(program);
  return program.addHelpText("after", ends);
}

const ends = `
Every command takes --config FILE; without it, models.yaml, models.yml or
models.json of the current folder is used.

Examples:
  $ multimodel init
  $ multimodel doctor
  $ multimodel chat "Why is the sky blue?"
  $ git diff | multimodel chat --model strong "Review this"

Exit codes: 0 done, 1 the work failed, 2 wrong usage or configuration,
130 ended by Ctrl-C. DEBUG=multimodel prints an error's stack.`;

function addChat(program: Command): void {
  command(program, "chat", "answer one question, or hold a conversation")
    .argument("[question]", "the question, put above piped text; without one, a terminal starts a conversation")
    .option("-m, --model <name>", "model of the file that answers")
    .option("-g, --graph <name>", "graph of the file that answers")
    .option("-t, --task <name>", "task of the file: its parameters, and its model if none is named")
    .option("--json", "print one JSON object: text, modelUsed, decisions, calls, costUsd")
    .option("--timeline", "print the calls as bars over time")
    .option("--report <file>", "write the run as an HTML file: steps, timeline, decisions, ledger")
    .option("--stdin", "put stdin below the question, even if it is not a pipe or a file")
    .option("--no-stdin", "do not read stdin, as in a loop that reads from it")
    .addHelpText(
      "after",
      examples(
        'multimodel chat "Why is the sky blue?"',
        'multimodel chat --graph assistant "What is 3 * 6?"',
        'git diff | multimodel chat --model strong "Review this"',
        "multimodel chat --task summarize --stdin < report.txt",
        'multimodel chat --json "Hi" | jq .costUsd',
        'multimodel chat --report run.html --timeline "Hi"',
      ),
    )
    .action(
      lazily(async (question: string | undefined, options: ChatOptions) =>
        (await import("./chat.js")).chat(question, options),
      ),
    );
}

function addRun(program: Command): void {
  command(program, "run", "answer a file of prompts, as JSONL")
    .argument(
      "<prompts>",
      "file with one prompt per line, or JSONL with prompt or messages and an optional id; - is stdin",
    )
    .option(
      "-o, --output <file>",
      "JSONL file; prompts with an answer in it are skipped, and an interrupted prompt starts over",
    )
    .option("-m, --model <name>", "model of the file that answers")
    .option("-g, --graph <name>", "graph of the file that answers")
    .option("-t, --task <name>", "task of the file: its parameters, and its model if none is named")
    .addOption(
      new Option("-c, --concurrency <n>", "maximum number of concurrent prompts").default(4).argParser(wholeNumber),
    )
    .addOption(
      new Option("--budget <usd>", "most dollars of this run; prompts that do not fit are not run").argParser(
        dollarAmount,
      ),
    )
    .option("--redis <url>", "let workers answer, through a queue in this Redis: multimodel worker")
    .option("--queue <name>", "name of the queue", "multimodel")
    .option(
      "--report <file>",
      "write all answers as an HTML file: cost, latency, models, failures, slowest and dearest",
    )
    .addHelpText(
      "after",
      examples(
        "multimodel run prompts.txt -o answers.jsonl",
        "multimodel run prompts.jsonl -o answers.jsonl --graph assistant -c 16",
        "multimodel run prompts.txt --model fast | jq -r .text",
      ),
    )
    .action(lazily(async (prompts: string, options: RunOptions) => (await import("./run.js")).run(prompts, options)));
}

function addModels(program: Command): void {
  command(program, "models", "list the models of the file: price, context window, abilities")
    .argument("[names...]", "models of the file, or model ids of the catalogue (which need no file)")
    .option("--json", "print JSON; what is unknown is null")
    .addHelpText(
      "after",
      examples("multimodel models", "multimodel models gpt-4o gemini-2.5-pro", "multimodel models --json"),
    )
    .action(
      lazily(async (names: string[], options: ModelsOptions) => (await import("./models.js")).models(names, options)),
    );
}

function addGraph(program: Command): void {
  command(program, "graph", "draw a graph of the file")
    .argument("[name]", "graph of the file; without one, the default or the first")
    .addOption(
      new Option("-f, --format <format>", "default: from the ending of the output file, else text").choices([
        "text",
        "svg",
        "png",
        "mermaid",
      ]),
    )
    .option("-o, --output <file>", "file to write, else stdout")
    .option("--no-xray", "leave nested graphs closed")
    .addHelpText(
      "after",
      examples("multimodel graph", "multimodel graph assistant -o assistant.svg", "multimodel graph -f mermaid"),
    )
    .action(
      lazily(async (name: string | undefined, options: GraphOptions) =>
        (await import("./graph.js")).graph(name, options),
      ),
    );
}

function addServe(program: Command): void {
  command(program, "serve", "serve models and graphs as an OpenAI-compatible endpoint")
    .option("--host <host>", "address to listen on", "127.0.0.1")
    .addOption(new Option("-p, --port <port>", "TCP port; 0 is any free one").default(8000).argParser(portNumber))
    .option(
      "--api-key-env <name>",
      "environment variable with the accepted keys, separated by commas",
      "MULTIMODEL_API_KEYS",
    )
    .option("--insecure", "let anyone call who can reach --host, without keys")
    .option("--allow-host <names...>", "more names for this machine in requests: host.docker.internal")
    .addOption(new Option("--timeout <seconds>", "maximum duration of a request").default(300).argParser(wholeNumber))
    .addOption(new Option("--body-limit <mib>", "maximum size of a request's body").default(10).argParser(wholeNumber))
    .addOption(
      new Option("--stream <mode>", "streamed replies: tokens of an answer as they come, or an answer that is complete")
        .default("committed")
        .choices(["committed", "whole"]),
    )
    .option("--ui", "serve a page of runs and spending at /ui; keys of its own: MULTIMODEL_UI_KEYS")
    .option("--metrics", "serve counters for Prometheus at /metrics; keys of its own: MULTIMODEL_METRICS_KEYS")
    .addOption(
      new Option(
        "--drain <seconds>",
        "at the end, time in which /readyz answers 503 and requests are still accepted; default: none",
      ).argParser(wholeNumber),
    )
    .addHelpText(
      "after",
      examples("multimodel serve --ui", "MULTIMODEL_API_KEYS=… multimodel serve --host 0.0.0.0 --port 8080"),
    )
    .action(lazily(async (options: ServeOptions) => (await import("./serve.js")).serveFile(options)));
}

function addStudio(program: Command): void {
  command(program, "studio", "open graphs and models of the file in LangGraph Studio")
    .addOption(new Option("-p, --port <port>", "TCP port; 0 is any free one").default(0).argParser(portNumber))
    .option("--fresh", "forget all threads at the end, else they are kept in .langgraph_api/")
    .addHelpText(
      "after",
      `${examples("multimodel studio", "multimodel studio --config models.yaml --port 2024")}\nNeeds: npm install -D @langchain/langgraph-cli`,
    )
    .action(lazily(async (options: StudioOptions) => (await import("./studio.js")).studio(options)));
}

function addKernel(program: Command): void {
  command(program, "kernel", "install the TypeScript kernel for Jupyter notebooks: tslab, mended for LangGraph")
    .option("--name <name>", "name of the kernel; tslab takes the place of tslab's own", "multimodel")
    .option("--folder <folder>", "folder of the project to write it to, for JUPYTER_PATH; default: that of the user")
    .addOption(new Option("--connection <file>", "start the kernel, as Jupyter does").hideHelp())
    .addHelpText(
      "after",
      `${examples("multimodel kernel", "multimodel kernel --folder .jupyter")}\nNeeds: npm install -D tslab`,
    )
    .action(lazily(async (options: KernelOptions) => (await import("./kernel.js")).kernel(options)));
}

function addDoctor(program: Command): void {
  command(program, "doctor", "check Node, packages, keys, servers and the file, and print what to fix")
    .addHelpText(
      "after",
      `${examples("multimodel doctor")}\nChecks that keys are set, without showing or sending them.`,
    )
    .action(lazily(async (options: DoctorOptions) => (await import("./doctor.js")).doctor(options)));
}

function addInit(program: Command): void {
  command(program, "init", "write a models.yaml for the keys and servers found here")
    .addHelpText(
      "after",
      `${examples("multimodel init")}\nReads which variables are set, and whether Ollama runs here. Never overwrites a file.`,
    )
    .action(lazily(async (options: InitOptions) => (await import("./init.js")).init(options)));
}

function version(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
