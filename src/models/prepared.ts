import { InvalidModelError } from "../errors/index.js";
import { type AnswerOptions, type Bound, bringsTools, forcesTool, withAnswerOptions } from "./answer-options.js";
import { withSettings } from "./caller-settings.js";
import type { ResolvedModel } from "./resolve.js";
import type { Site } from "./site.js";

/** A client with what the caller of the run asks for: settings, tools, a form. */
export function preparedFor(model: ResolvedModel, wanted: AnswerOptions, path: string): Bound {
  const { settings } = wanted;
  if (settings === undefined) return withAnswerOptions(model, wanted, path);
  const { runnable, options, unknown } = withSettings(model, settings.parameters);
  for (const name of unknown) settings.ignored.add(name);
  return withAnswerOptions({ runnable, capabilities: model.capabilities }, { ...wanted, ...options }, path);
}

/** What a pattern below is asked for: what its chat model was bound to goes before what the caller of the run wants. */
export function optionsBelow({ options }: ResolvedModel, wanted?: AnswerOptions, form?: AnswerOptions): AnswerOptions {
  const settings = options !== undefined && wanted?.settings ? { settings: wanted.settings } : {};
  return { ...settings, ...(options ?? wanted), ...form };
}

/** An agent answers with settings and tools of its own; where a call of the caller's is forced, it cannot. */
export function refuseTools({ subgraph }: ResolvedModel, wanted: AnswerOptions = {}, { path }: Site): void {
  const { parameters = {}, ignored } = wanted.settings ?? {};
  for (const name of Object.keys(parameters)) ignored?.add(name);
  if (!bringsTools(wanted) || wanted.textWillDo === true || (subgraph !== undefined && !forcesTool(wanted))) return;
  const what = subgraph === undefined ? "a chain" : "an agent or foreign graph";
  throw new InvalidModelError(`${path} is ${what}, which cannot be given the tools its caller bound`);
}
