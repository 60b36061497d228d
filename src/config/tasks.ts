import type { RunParameters } from "../state/run-context.js";
import type { ConfigFile } from "./config-file.js";
import { mapValues } from "./map-values.js";
import type { Task } from "./task.js";

type Tasks = Readonly<Record<string, Task>>;

/** Returns the parameters of each task that has some; `undefined` if none of them has. */
export function taskParameters(tasks: Tasks = {}): Readonly<Record<string, RunParameters>> | undefined {
  const all = mapValues(tasks, ({ parameters, temperature, maxTokens }) => ({
    ...parameters,
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
  }));
  const some = Object.entries(all).filter(([, parameters]) => Object.keys(parameters).length > 0);
  return some.length === 0 ? undefined : (Object.fromEntries(some) as Record<string, RunParameters>);
}

/** Lists the words a run's `task` may be: the file's tasks, and the rows of its tables. */
export function taskNames({ tasks = {}, routing, graphs = {} }: ConfigFile): readonly string[] {
  const routes = Object.values(graphs).map((spec) => ("route" in spec ? spec.route : undefined));
  return [...new Set([...Object.keys(tasks), ...rowsOf([routing, ...routes])])];
}

function rowsOf(routes: readonly unknown[]): readonly string[] {
  return routes.flatMap((route) => {
    const { table = {}, firstOf = [] } = Object(route) as { table?: object; firstOf?: readonly unknown[] };
    return [...Object.keys(table), ...rowsOf(firstOf)];
  });
}
