import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedEntries, checkName } from "./check-value.js";
import { rateComplexity } from "./detect-complexity.js";
import { contextOf, lastText, type Route, type RouteTurn } from "./route.js";

type Word = string | ((turn: RouteTurn) => string | undefined | Promise<string | undefined>);

export interface TaskOptions<Name extends string> {
  /** Row of the table. @default `task` of the run context */
  readonly task?: Word;
  /** Column of the table. @default `complexity` of the run context, otherwise the result of `detectComplexity` */
  readonly complexity?: Word;
  /** Model for each task and complexity. */
  readonly table: Readonly<Record<string, Readonly<Partial<Record<string, Name>>>>>;
  /** Model for missing cells. @default no decision */
  readonly default?: Name;
}

/**
 * Looks the model up in a table of tasks and complexities.
 *
 * **When to use** - you know the kinds of tasks, and which model is good enough for each.
 * **Gotchas** - words are compared exactly. The options `task` and `complexity` override the run context, unless their function
 * returns `undefined`.
 *
 * @example
 * ```ts
 * const route = byTask({
 *   task: ({ messages }) => (messages.at(-1).text.startsWith("{") ? "parsing" : "generation"),
 *   table: {
 *     parsing: { simple: "small", moderate: "small" },
 *     generation: { moderate: "small", complex: "large", critical: "large" },
 *   },
 *   default: "small",
 * });
 * ```
 * @throws {InvalidOptionError} when `table` is empty, a cell is not a name, or `task` is neither a word nor a function
 */
export function byTask<Name extends string>(options: TaskOptions<Name>): Route<NoInfer<Name>, string> {
  checkKeys(options, "byTask", ["task", "complexity", "table", "default"]);
  const { table, default: otherwise } = options;
  checkTaskOptions(options);
  const route: Route<NoInfer<Name>, string> = async function byTask(turn) {
    const given = contextOf(turn);
    const task = (await wordOf(options.task, turn)) ?? given.task;
    const complexity =
      (await wordOf(options.complexity, turn)) ??
      given.complexity ??
      rateComplexity(lastText(turn.messages)).complexity;
    if (task === undefined) return { name: otherwise, reason: `no task is given${instead(otherwise)}` };
    const label = `${task}/${complexity}`;
    const row = Object.hasOwn(table, task) ? table[task]! : {};
    const name = Object.hasOwn(row, complexity) ? row[complexity] : undefined;
    if (name !== undefined) return { name, label, reason: `the table has it for ${label}` };
    return { name: otherwise, label, reason: `the table has no model for ${label}${instead(otherwise)}` };
  };
  const cells = Object.entries(table).flatMap(([row, names]) =>
    Object.entries(names).flatMap(([column, name]) => named(`byTask.table.${row}.${column}`, [name])),
  );
  return mentioning(route, [...cells, ...named("byTask.default", [otherwise])]);
}

const instead = (otherwise: string | undefined) => (otherwise === undefined ? "" : `, so ${otherwise}`);

async function wordOf(word: Word | undefined, turn: RouteTurn): Promise<string | undefined> {
  return typeof word === "function" ? word(turn) : word;
}

function checkTaskOptions({ task, complexity, table, default: otherwise }: TaskOptions<string>): void {
  for (const [option, word] of Object.entries({ task, complexity })) {
    refuseFactory(word, `byTask.${option}`);
    if (word !== undefined && typeof word !== "function" && (typeof word !== "string" || word === "")) {
      throw new InvalidOptionError(`byTask.${option}`, word, "give a word, or a function of the turn that returns one");
    }
  }
  const expected = 'give a model for each task and complexity: { parsing: { simple: "small" } }';
  for (const [row, cells] of checkedEntries(table, "byTask.table", expected)) {
    for (const [column, name] of checkedEntries(cells, `byTask.table.${row}`, expected)) {
      checkName(name, `byTask.table.${row}.${column}`);
    }
  }
  if (otherwise !== undefined) checkName(otherwise, "byTask.default");
}
