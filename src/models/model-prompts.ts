import { type GraphSettings, settingsOf } from "../state/graph-settings.js";
import type { RunPrompt } from "../state/note-prompts.js";
import type { ResolvedModel } from "./resolve.js";

/**
 * Lists the prompts that a call of a model fills: its own, and those of a pattern behind it.
 *
 * @param name what errors call the model
 */
export function modelPrompts({ entry, kind, subgraph, context }: ResolvedModel, name: string): readonly RunPrompt[] {
  const { systemPrompt: prompt } = entry;
  const own = prompt === undefined ? [] : [{ prompt, option: systemPromptOf(name) }];
  const settings = kind === "pattern" ? settingsBehind(subgraph) : undefined;
  const inner = settings?.prompts.map(({ within, ...given }) => ({
    ...given,
    option: `${given.option} (within ${name})`,
    within: { own: within?.own ?? Object.keys(settings.own), context: { ...within?.context, ...context } },
  }));
  return [...own, ...(inner ?? [])];
}

/** Names the system prompt of a model in errors. */
export const systemPromptOf = (name: string) => `the systemPrompt of ${name}`;

function settingsBehind(compiled: object | undefined): GraphSettings | undefined {
  const { builder } = Object(compiled) as { readonly builder?: object };
  return builder && settingsOf(builder);
}
