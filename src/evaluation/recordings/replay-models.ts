import type { ModelEntry, Models } from "../../models/model.js";
import { resolve } from "../../models/resolve.js";
import { openRecordings } from "./recording-index.js";
import { ReplayedModel, type ReplayOptions, replay } from "./replay.js";

/**
 * Replaces models by their recordings, under the names they have in the file; prices and other settings of entries stay.
 *
 * **When to use** - to run the same graph with and without keys: `build(isOffline ? replayModels(models, file) : models)`.
 * **Gotchas** - a model that was never called when the graph was recorded throws `RecordingMissError` when it is called now. Sampling parameters are dropped: they were applied when the answers were recorded.
 *
 * @example
 * ```ts
 * import { record, replayModels } from "langgraph-multimodel/evaluation";
 * const models = { small, large };
 * const build = (given: typeof models) => createCascade({ models: given, verify: agreement() }).compile();
 * await build(record(models, "both.jsonl")).invoke({ messages: "Hi" });
 * await createCascade({ models: replayModels(models, "both.jsonl"), verify: agreement() }).compile().invoke({ messages: "Hi" });
 * ```
 * @throws {InvalidOptionError} when there is no such file, or no recording in it
 */
export function replayModels<Name extends string>(
  models: Models<Name>,
  file: string,
  options: Pick<ReplayOptions, "speed"> = {},
): Record<Name, ModelEntry> {
  const recordings = openRecordings(file);
  const entries = Object.entries(models).map(([name, model]) => {
    const { entry, price } = resolve(model, `replayModels.${name}`);
    const {
      parameters: _recorded,
      taskParameters: _own,
      clients: _pool,
      ...settings
    } = entry as ModelEntry & {
      readonly clients?: unknown;
    };
    const isRecorded = recordings.names.has(name);
    const replayed = isRecorded
      ? replay(file, { ...options, model: name })
      : new ReplayedModel(recordings, name, undefined);
    return [name, { ...settings, model: replayed, ...(price !== undefined && { price }) }] as const;
  });
  return Object.fromEntries(entries) as unknown as Record<Name, ModelEntry>;
}
