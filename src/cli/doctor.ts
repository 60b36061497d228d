import { impliedGraphs } from "../config/implied-graphs.js";
import { lacksOfClients, lacksOfModel } from "../config/models/model-clients.js";
import { providers } from "../config/models/providers.js";
import { checkSpec, readText, type Spec } from "../config/read-spec.js";
import { modelsOf } from "../config/rows/graph.js";
import { ConfigError, type ConfigProblem } from "../errors/index.js";
import { checkKeys } from "./doctor/check-keys.js";
import { checkNode } from "./doctor/check-node.js";
import { checkPackages, isInstalled } from "./doctor/check-packages.js";
import { checkPatterns } from "./doctor/check-patterns.js";
import { checkPrices } from "./doctor/check-prices.js";
import { checkServers } from "./doctor/check-servers.js";
import { checkTools } from "./doctor/check-tools.js";
import type { Finding } from "./doctor/finding.js";
import { foundProviders } from "./doctor/found-providers.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { usualConfig } from "./find-config.js";
import { plural } from "./terminal/outcome-note.js";
import { columnsOf, fill, paint, printable, withoutKeys } from "./terminal/terminal.js";

export interface DoctorOptions {
  readonly config?: string;
}

/** Runs `multimodel doctor`: checks everything that the file needs, and prints what to fix. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const file = options.config ?? usualConfig();
  const node = checkNode();
  const { findings, checked } = file === undefined ? { findings: await machineFindings() } : await fileFindings(file);
  const all = [node, ...findings, ...(checked === undefined ? [] : await partFindings(checked))];
  const problems = all.filter(({ state }) => state === "problem");
  for (const finding of all) process.stdout.write(`${withoutKeys(lines(finding))}\n`);
  const notes = all.filter(({ state }) => state === "note").length;
  const fine = notes === 0 ? "Nothing to do." : `No problem, ${plural(notes, "note")}.`;
  const sum = problems.length === 0 ? fine : `${plural(problems.length, "problem")}.`;
  process.stdout.write(`\n${paint(process.stdout, "bold", sum)}\n`);
  return problems.length === 0 ? exitCode.done : exitCode.failed;
}

async function partFindings({ spec, keys }: Spec): Promise<readonly Finding[]> {
  const servers = await checkServers(spec);
  return [
    ...checkPatterns(spec),
    ...checkPackages(spec),
    ...checkKeys({ spec, keys }),
    ...checkPrices(spec),
    ...servers,
    ...checkTools(spec),
  ];
}

/** Reports a default that cannot answer, since all of its models lack something. */
function mute({ spec, names, problems }: Spec): Finding[] {
  const graphs = { ...impliedGraphs(spec), ...spec.graphs };
  const marked = names.find((name) => spec.models[name]?.default === true);
  const name = spec.default ?? marked ?? Object.keys(graphs)[0] ?? names[0];
  if (name === undefined) return [];
  const modelOf = (each: string) => (Object.hasOwn(spec.models, each) ? spec.models[each] : undefined);
  const lacks = modelsOf(name, graphs).map((each) => lacksOfModel(each, modelOf(each), problems)[0]?.message);
  if (lacks.length === 0 || lacks.includes(undefined)) return [];
  const remedy = lacks[0]!.split(/; (.*)/s)[1];
  return [
    {
      state: "problem",
      what: `default ${name}`,
      found: "cannot answer: none of its models can be called",
      ...(remedy && { remedy }),
    },
  ];
}

/** Returns what this machine has, where there is no file yet. */
async function machineFindings(): Promise<readonly Finding[]> {
  const { keys, ollama } = await foundProviders(process.env);
  const packages = [...new Set(Object.values(providers).map((each) => each.package))];
  return [
    { state: "note", what: "models.yaml", found: "is not here", remedy: "multimodel init writes one" },
    ...packages.map((what): Finding => {
      if (isInstalled(what)) return { state: "ok", what, found: "installed" };
      return { state: "note", what, found: "not installed", remedy: `for its models: npm install ${what}` };
    }),
    ...keys.map(({ provider, variable }): Finding => ({ state: "ok", what: variable, found: `set, for ${provider}` })),
    ...(ollama === undefined ? [] : [{ state: "ok", what: "Ollama", found: plural(ollama.length, "model") } as const]),
  ];
}

/** Returns the problems of the file, and its valid parts, which include models whose only problem is a missing key. */
async function fileFindings(file: string): Promise<{ findings: readonly Finding[]; checked?: Spec }> {
  const text = await readText(file);
  const problems = problemsOf(() => checkSpec(file, text, process.env).problems.throwAny());
  let checked: Spec;
  try {
    checked = checkSpec(file, text, process.env, true);
  } catch (error) {
    if (ConfigError.isInstance(error)) return { findings: problems };
    throw error;
  }
  const { models, graphs = {} } = checked.spec;
  const lacking = checkSpec(file, text, process.env);
  const lacks = lacking.names.flatMap((name) => [
    ...lacking.problems.lacksOf(["models", name]),
    ...lacksOfClients(name, lacking.spec.models[name], lacking.problems).flat(),
  ]);
  const servers = Object.keys(checked.spec.mcpServers ?? {}).flatMap((name) =>
    lacking.problems.lacksOf(["mcpServers", name]),
  );
  const missing = [...lacks, ...servers, ...lacking.problems.lacksOf(["embeddings"])];
  const found = `${plural(Object.keys(models).length, "model")}, ${plural(Object.keys(graphs).length, "graph")}`;
  const notes = checked.problems.warnings().map((problem) => finding("note", file, problem));
  const fine: Finding[] = problems.length === 0 ? [{ state: "ok", what: file, found }] : [];
  const lacked = missing.map((each) => finding("note", file, each));
  return { findings: [...fine, ...problems, ...lacked, ...mute(lacking), ...notes], checked };
}

function problemsOf(read: () => void): Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    return error.problems.map((problem) => finding("problem", error.file, problem));
  }
}

/** Splits a message at its first semicolon into the problem and its remedy. */
function finding(state: Finding["state"], file: string, { path, line, message }: ConfigProblem): Finding {
  const [wrong, remedy] = message.split(/; (.*)/s);
  return { state, what: `${file}:${line}`, found: path === "" ? wrong! : `${path}: ${wrong}`, remedy };
}

const indent = " ".repeat(9);

const colors = { ok: "green", note: "yellow", problem: "red" } as const;

function lines({ state, what, found, remedy }: Finding): string {
  const { stdout } = process;
  const columns = columnsOf(stdout);
  const word = paint(stdout, colors[state], state.padEnd(indent.length - 2));
  const text = fill(printable(`${what}: ${found}`), columns - indent.length, indent);
  const todo =
    remedy === undefined ? [] : [indent + fill(`→ ${printable(remedy)}`, columns - indent.length, `${indent}  `)];
  return [`${word}  ${text}`, ...todo].join("\n");
}
