import { type BaseMessage, SystemMessage } from "@langchain/core/messages";
import { InvalidInputError } from "../errors/index.js";
import { systemPromptOf } from "../models/model-prompts.js";
import type { OwnState } from "../state/own-keys.js";
import { type GivenPrompt, isTemplate, neededVariables, type Prompt, type PromptSource } from "../state/prompt.js";
import { withSystem } from "./answer.js";

/**
 * Fills a prompt of a strategy; a text is returned as it is.
 *
 * @throws {InvalidInputError} when a variable has no value
 */
export async function promptText(given: GivenPrompt, source: PromptSource): Promise<string> {
  const { system, others } = await filled(given, source);
  return [...system, ...others.map(({ text }) => text)].join("\n\n");
}

interface Filled {
  readonly system: readonly string[];
  readonly others: readonly BaseMessage[];
}

async function filled(given: GivenPrompt, around: PromptSource): Promise<Filled> {
  const { prompt, source = around } = given;
  if (!isTemplate(prompt)) return { system: [prompt], others: [] };
  checkVariables(given, source);
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
  { prompt, option }: GivenPrompt,
  source: PromptSource,
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
  prompts: readonly GivenPrompt[],
  source: PromptSource,
): Promise<BaseMessage[]> {
  const parts = await Promise.all(prompts.map((prompt) => filled(prompt, source)));
  const others = parts.flatMap((part) => part.others);
  const instructed = withSystem(
    messages,
    parts.flatMap(({ system }) => system),
  );
  if (others.length === 0) return instructed;
  const after = SystemMessage.isInstance(instructed[0]) ? 1 : 0;
  return instructed.toSpliced(after, 0, ...others);
}

/** Returns the prompts of a call beside those of its pattern: the model's own, and an instruction. */
export function ownPrompts(
  systemPrompt: Prompt | undefined,
  instruction: string | undefined,
  name: string,
): readonly GivenPrompt[] {
  const option = systemPromptOf(name);
  return [systemPrompt, instruction].flatMap((prompt) => (prompt === undefined ? [] : { prompt, option }));
}
