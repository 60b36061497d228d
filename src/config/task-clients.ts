import type { Runnable } from "@langchain/core/runnables";
import { defaultReplyBytes } from "../models/bounded-fetch.js";
import { withSettings } from "../models/caller-settings.js";
import type { ModelEntry } from "../models/model.js";

type CreateMiddleware = typeof import("langchain")["createMiddleware"];
type Middleware = ReturnType<CreateMiddleware>;

/** Makes the middleware with which an agent answers a run's task with the parameters of the task. */
export function taskMiddleware(
  createMiddleware: CreateMiddleware,
  client: Runnable,
  { taskParameters = {}, limit }: ModelEntry,
): readonly Middleware[] {
  if (Object.keys(taskParameters).length === 0) return [];
  const bounds = { bytes: limit?.replyBytes ?? defaultReplyBytes };
  return [
    createMiddleware({
      name: "task_parameters",
      wrapModelCall: (request, handler) => {
        const { task = "" } = (request.runtime.context ?? {}) as { readonly task?: string };
        if (!Object.hasOwn(taskParameters, task)) return handler(request);
        const { runnable, options } = withSettings({ runnable: client, bounds }, taskParameters[task]!);
        const model = runnable as unknown as typeof request.model;
        return handler({ ...request, model, modelSettings: { ...request.modelSettings, ...options } });
      },
    }),
  ];
}
