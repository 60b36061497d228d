import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import type { ChatOptions } from "./chat.js";
import type { DoctorOptions } from "./doctor.js";
import type { ExitCode } from "./exit-code.js";
import type { GraphOptions } from "./graph.js";
import type { ModelsOptions } from "./models.js";
import type { RunOptions } from "./run.js";
import type { ServeOptions } from "./serve.js";

/** Defines the command line. Loads a command's modules only when it runs, so that `--help` is fast. */
export function createProgram(): Command {
  const program = new Command("multimodel")
    .description("Several models that work as one: from a file, at the command line, behind one endpoint.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help; of a command: multimodel chat --help")
    .helpCommand("help [command]", "print help; of a command: multimodel help chat")
    .showHelpAfterError("(--help tells more)")
    .exitOverride();
  addChat(program);
  addRun(program);
  addModels(program);
  addGraph(program);
  addServe(program);
  addDoctor(program);
  return program.addHelpText("after", ends);
}

const ends = `
Every command takes --config FILE; without it, models.yaml, models.yml or
models.json of the current folder is used.

Examples:
  $ multimodel doctor
  $ multimodel chat "Why is the sky blue?"
  $ git diff | multimodel chat --model strong "Review this"

Exit codes: 0 done, 1 the work failed, 2 wrong usage or configuration,
130 ended by Ctrl-C. DEBUG=multimodel shows where an error happened.`;

function addChat(program: Command): void {
  command(program, "chat", "ask once, or hold a conversation")
    .argument(
      "[question]",
      "what to ask, above what a shell pipes in; without it and at a terminal, a conversation begins",
    )
    .option("-m, --model <name>", "model of the file that answers")
    .option("-g, --graph <name>", "graph of the file that answers")
    .option("--json", "print one JSON object: text, modelUsed, decisions, calls, costUsd")
    .option("--stdin", "put stdin below the question, even one that is no pipe of a shell")
    .option("--no-stdin", "leave stdin alone, as in a loop that reads from it")
    .addHelpText(
      "after",
      examples(
        'multimodel chat "Why is the sky blue?"',
        'multimodel chat --graph assistant "What is 3 * 6?"',
        'git diff | multimodel chat --model strong "Review this"',
        'multimodel chat --json "Hi" | jq .costUsd',
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
    .argument("<prompts>", "file with a prompt a line, or JSONL with prompt or messages and an optional id; - is stdin")
    .option(
      "-o, --output <file>",
      "JSONL file; prompts it answers already are not asked again; a prompt that was cut off is asked from its beginning",
    )
    .option("-m, --model <name>", "model of the file that answers")
    .option("-g, --graph <name>", "graph of the file that answers")
    .addOption(new Option("-c, --concurrency <n>", "prompts under way at once").default(4).argParser(wholeNumber))
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
    .argument("[names...]", "models of the file, or model ids of the catalogue (which needs no file)")
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
    .argument("[name]", "which one; without it the default, else the first")
    .addOption(
      new Option("-f, --format <format>", "default: by the ending of the output file, else text").choices([
        "text",
        "svg",
        "png",
        "mermaid",
      ]),
    )
    .option("-o, --output <file>", "where to write it, else stdout")
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
      "environment variable with the keys callers must send, separated by commas",
      "MULTIMODEL_API_KEYS",
    )
    .option("--insecure", "let everybody call who can reach another --host than this machine")
    .option("--allow-host <names...>", "further names requests may call this machine by: host.docker.internal")
    .addOption(new Option("--timeout <seconds>", "until a request is given up").default(300).argParser(wholeNumber))
    .addOption(new Option("--body-limit <mib>", "size of a request's body").default(10).argParser(wholeNumber))
    .addHelpText(
      "after",
      examples("multimodel serve", "MULTIMODEL_API_KEYS=… multimodel serve --host 0.0.0.0 --port 8080"),
    )
    .action(lazily(async (options: ServeOptions) => (await import("./serve.js")).serveFile(options)));
}

function addDoctor(program: Command): void {
  command(program, "doctor", "check Node, packages, keys, servers and the file, and say what to do")
    .addHelpText("after", `${examples("multimodel doctor")}\nKeys are looked for, never shown and never sent.`)
    .action(lazily(async (options: DoctorOptions) => (await import("./doctor.js")).doctor(options)));
}

function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .helpOption("-h, --help", "print help")
    .option("--config <file>", "default: models.yaml, models.yml or models.json here");
}

const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

function lazily<Given extends unknown[]>(handler: (...given: Given) => Promise<ExitCode>) {
  return async (...given: Given): Promise<void> => {
    process.exitCode = await handler(...given);
  };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("Give a whole number from 1.");
  return Number(text);
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("Give a number from 0 to 65535.");
  return Number(text);
}

function version(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
