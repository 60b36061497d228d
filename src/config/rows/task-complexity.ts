import type { Route } from "../../index.js";
import { mentioning, mentionsOf } from "../../models/mentions.js";
import { notedPrompts, notePrompts } from "../../state/note-prompts.js";
import type { Place } from "./place.js";

/** Lets a route read the complexity of the run's task, where the run gives none. */
export function withTaskComplexity(route: Route<string>, tasks: Place["tasks"]): Route<string> {
  if (Object.values(tasks).every(({ complexity }) => complexity === undefined)) return route;
  const reading: Route<string> = (turn) => {
    const { task = "", complexity } = (turn.config.context ?? {}) as { task?: string; complexity?: string };
    const known = Object.hasOwn(tasks, task) ? tasks[task]!.complexity : undefined;
    if (complexity || known === undefined) return route(turn); // a form sends an empty text
    return route({ ...turn, config: { ...turn.config, context: { ...turn.config.context, complexity: known } } });
  };
  return mentioning(notePrompts(reading, notedPrompts([route])), mentionsOf([route]));
}
