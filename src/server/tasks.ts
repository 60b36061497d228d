import { InvalidOptionError } from "../errors/index.js";
import { redact } from "../secrets/redact.js";
import type { AppOptions } from "./app-options.js";
import { type Catalogue, chosenFrom, type Served } from "./catalogue.js";
import type { RunRequest } from "./protocol.js";
import { errorReply, RequestError } from "./request-error.js";

type Tasks = NonNullable<AppOptions["tasks"]>;

/** @throws {InvalidOptionError} when `tasks` is no object of tasks, or one names an unknown model */
export function checkTasks(tasks: AppOptions["tasks"], served: Catalogue): void {
  if (tasks === undefined) return;
  if (typeof tasks !== "object" || tasks === null || Array.isArray(tasks)) {
    throw new InvalidOptionError("createApp.tasks", tasks, 'give settings by task: { summary: { model: "small" } }');
  }
  for (const [task, settings] of Object.entries(tasks)) {
    if (typeof settings !== "object" || settings === null) {
      throw new InvalidOptionError(`createApp.tasks.${task}`, settings, "give an object, which may name a model");
    }
    if (settings.model === undefined || served.has(settings.model)) continue;
    const expected = `name one of ${[...served.keys()].join(", ")}`;
    throw new InvalidOptionError(`createApp.tasks.${task}.model`, settings.model, expected);
  }
}

/**
 * Returns what answers a request: the model it names, else that of its task, else the default.
 *
 * @throws {RequestError} when the model or the task is unknown
 */
export function answering({ model, metadata }: RunRequest, served: Catalogue, tasks: Tasks | undefined): Served {
  const task = metadata?.task || undefined;
  if (tasks === undefined || task === undefined) return chosenFrom(served, model);
  if (Object.hasOwn(tasks, task)) return chosenFrom(served, model ?? tasks[task]!.model);
  const names = Object.keys(tasks).join(", ");
  throw new RequestError(
    errorReply(400, `Unknown task "${redact(task)}"; metadata.task must be one of ${names}`, {
      param: "metadata.task",
    }),
  );
}
