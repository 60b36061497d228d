import type { ConfigFile } from "../config/config-file.js";
import { readSpec, readText } from "../config/read-spec.js";
import { ConfigError } from "../errors.js";
import { checkKeys } from "./doctor/check-keys.js";
import { checkNode } from "./doctor/check-node.js";
import { checkPackages } from "./doctor/check-packages.js";
import { checkServers } from "./doctor/check-servers.js";
import { checkTools } from "./doctor/check-tools.js";
import type { Finding } from "./doctor/finding.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { findConfig } from "./find-config.js";
import { keyless } from "./keyless.js";
import { plural } from "./outcome-note.js";
import { columnsOf, fill, paint, withoutKeys } from "./terminal.js";

export interface DoctorOptions {
  readonly config?: string;
}

/** `multimodel doctor`: finds what would go wrong, before it does. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const file = findConfig(options.config);
  const node = checkNode();
  const { findings, spec } = await checkFile(file);
  const rest =
    spec === undefined ? [] : [checkPackages(spec), checkKeys(spec), await checkServers(spec), checkTools(spec)];
  const all = [node, ...findings, ...rest.flat()];
  const problems = all.filter(({ ok }) => !ok);
  for (const finding of all) process.stdout.write(`${withoutKeys(lines(finding))}\n`);
  const sum = problems.length === 0 ? "Nothing to do." : `${plural(problems.length, "problem")}.`;
  process.stdout.write(`\n${paint(process.stdout, "bold", sum)}\n`);
  return problems.length === 0 ? exitCode.done : exitCode.failed;
}

/** The file by itself; whether its keys are there is a check of its own. */
async function checkFile(file: string): Promise<{ findings: readonly Finding[]; spec?: ConfigFile }> {
  const text = await readText(file);
  try {
    const { spec } = readSpec(file, text, keyless(process.env));
    const { models, graphs = {} } = spec;
    const found = `${plural(Object.keys(models).length, "model")}, ${plural(Object.keys(graphs).length, "graph")}`;
    return { findings: [{ ok: true, what: file, found }], spec };
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    const findings = error.problems.map(({ path, line, message }) => ({
      ok: false,
      what: `${file}:${line}`,
      found: path === "" ? message : `${path}: ${message}`,
    }));
    return { findings };
  }
}

const indent = " ".repeat(9);

function lines({ ok, what, found, remedy }: Finding): string {
  const { stdout } = process;
  const columns = columnsOf(stdout);
  const word = ok ? paint(stdout, "green", "ok".padEnd(7)) : paint(stdout, "red", "problem");
  const text = fill(`${what}  ${found}`.replace(/ {2}/, ": "), columns - indent.length, indent);
  const todo = remedy === undefined ? [] : [indent + fill(`→ ${remedy}`, columns, `${indent}  `)];
  return [`${word}  ${text}`, ...todo].join("\n");
}
