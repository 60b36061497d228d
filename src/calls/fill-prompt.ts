import { type BaseMessage, SystemMessage } from "@langchain/core/messages";
import { InvalidInputError } from "../errors/index.js";
import type { OwnState } from "../state/own-keys.js";
import { isTemplate, neededVariables, type Prompt } from "../state/prompt.js";
import { withSystem } from "./answer.js";

/** Where the variables of a prompt come from: own keys of the state first, then the run context. */
export interface PromptSource {
  readonly state: object;
  readonly config: { readonly context?: unknown };
}

/**
 * Fills a prompt; a text is returned as it is.
 *
 * @param option where the prompt was given, for the error
 * @throws {InvalidInputError} when a variable has no value
 */
export async function promptText(prompt: Prompt, source: PromptSource, option: string): Promise<string> {
  if (typeof prompt === "string") return prompt;
  const { system, others } = await filled(prompt, source, option);
  return [...system, ...others.map(({ text }) => text)].join("\n\n");
}

interface Filled {
  readonly system: readonly string[];
  readonly others: readonly BaseMessage[];
}

async function filled(prompt: Prompt, source: PromptSource, option: string): Promise<Filled> {
  if (!isTemplate(prompt)) return { system: [prompt], others: [] };
  checkVariables(prompt, source, option);
  const value = await prompt.formatPromptValue(valuesOf(source));
  const messages = value.toChatMessages();
  if (!("promptMessages" in prompt)) return { system: messages.map(({ text }) => text), others: [] };
  const isSystem = ({ type }: BaseMessage) => type === "system";
  return {
    system: messages.filter(isSystem).map(({ text }) => text),
    others: messages.filter((message) => !isSystem(message)),
  };
}

function valuesOf({ state, config }: PromptSource): Record<string, unknown> {
  return { ...(config.context as OwnState | undefined), ...state };
}

/**
 * Refuses a template without a value for each of its variables.
 *
 * @param later own keys that something may still write before the prompt is used
 * @throws {InvalidInputError} with the names of those that are missing
 */
export function checkVariables(
  prompt: Prompt,
  source: PromptSource,
  option: string,
  later: readonly string[] = [],
): void {
  if (!isTemplate(prompt)) return;
  const values = valuesOf(source);
  const missing = neededVariables(prompt).filter((name) => values[name] === undefined && !later.includes(name));
  if (missing.length === 0) return;
  const names = missing.map((name) => `{${name}}`).join(", ");
  throw new InvalidInputError(
    `${option} needs ${names}, which this run does not have; give ${missing.length > 1 ? "them" : "it"} as a key of \`state\` with the input, or in \`context\``,
  );
}

/**
 * Puts prompts before a conversation: their texts into the system message, further messages of chat templates behind it.
 *
 * @throws {InvalidInputError} when a variable of a template has no value
 */
export async function withPrompts(
  messages: readonly BaseMessage[],
  prompts: readonly (Prompt | undefined)[],
  source: PromptSource,
  option: string,
): Promise<BaseMessage[]> {
  const parts = await Promise.all(
    prompts.map((prompt) => (prompt === undefined ? { system: [], others: [] } : filled(prompt, source, option))),
  );
  const others = parts.flatMap((part) => part.others);
  const instructed = withSystem(
    messages,
    parts.flatMap(({ system }) => system),
  );
  if (others.length === 0) return instructed;
  const after = SystemMessage.isInstance(instructed[0]) ? 1 : 0;
  return instructed.toSpliced(after, 0, ...others);
}
