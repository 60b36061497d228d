import { checkSpec, readText, type Spec } from "../config/read-spec.js";
import { ConfigError, type ConfigProblem } from "../errors/index.js";
import { checkKeys } from "./doctor/check-keys.js";
import { checkNode } from "./doctor/check-node.js";
import { checkPackages } from "./doctor/check-packages.js";
import { checkPrices } from "./doctor/check-prices.js";
import { checkServers } from "./doctor/check-servers.js";
import { checkTools } from "./doctor/check-tools.js";
import type { Finding } from "./doctor/finding.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { findConfig } from "./find-config.js";
import { plural } from "./terminal/outcome-note.js";
import { columnsOf, fill, paint, printable, withoutKeys } from "./terminal/terminal.js";

export interface DoctorOptions {
  readonly config?: string;
}

/** Runs `multimodel doctor`: checks everything that the file needs, and prints what to fix. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const file = findConfig(options.config);
  const node = checkNode();
  const { findings, checked } = await fileFindings(file);
  const all = [node, ...findings, ...(checked === undefined ? [] : await partFindings(checked))];
  const problems = all.filter(({ state }) => state === "problem");
  for (const finding of all) process.stdout.write(`${withoutKeys(lines(finding))}\n`);
  const sum = problems.length === 0 ? "Nothing to do." : `${plural(problems.length, "problem")}.`;
  process.stdout.write(`\n${paint(process.stdout, "bold", sum)}\n`);
  return problems.length === 0 ? exitCode.done : exitCode.failed;
}

async function partFindings({ spec, keys }: Spec): Promise<readonly Finding[]> {
  const servers = await checkServers(spec);
  return [...checkPackages(spec), ...checkKeys({ spec, keys }), ...checkPrices(spec), ...servers, ...checkTools(spec)];
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
  const found = `${plural(Object.keys(models).length, "model")}, ${plural(Object.keys(graphs).length, "graph")}`;
  const notes = checked.problems.warnings().map((problem) => finding("note", file, problem));
  const fine: Finding[] = problems.length === 0 ? [{ state: "ok", what: file, found }] : [];
  return { findings: [...fine, ...problems, ...notes], checked };
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
