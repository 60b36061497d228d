import type { BaseMessage } from "@langchain/core/messages";
import { InvalidOptionError } from "../errors/index.js";

/** Prompt template of LangChain: `PromptTemplate`, `ChatPromptTemplate`, and what is built like them. */
export interface PromptTemplateLike {
  readonly inputVariables: readonly string[];
  formatPromptValue(values: Record<string, unknown>): Promise<{ toChatMessages(): BaseMessage[] }>;
}

/**
 * Text of a prompt, or a template of LangChain that is filled in every run from the state's own keys and the run context. A text is
 * used as it is: braces in it are no variables, since prompts hold JSON.
 */
export type Prompt = string | PromptTemplateLike;

/** Where the variables of a prompt come from: own keys of the state first, then the run context. */
export interface PromptSource {
  readonly state: object;
  readonly config: { readonly context?: unknown };
}

/** A prompt with the option that gave it, which errors name. */
export interface GivenPrompt {
  readonly prompt: Prompt;
  readonly option: string;
  /** @default the graph whose model is called */
  readonly source?: PromptSource;
}

/** Checks a prompt at construction, and keeps the option that gave it. */
export function givenPrompt(prompt: Prompt, option: string): GivenPrompt {
  checkPrompt(prompt, option);
  return { prompt, option };
}

export function isTemplate(prompt: unknown): prompt is PromptTemplateLike {
  const { inputVariables, formatPromptValue } = Object(prompt) as Partial<PromptTemplateLike>;
  return Array.isArray(inputVariables) && typeof formatPromptValue === "function";
}

/** Throws at construction unless the value is a text, a template or unset. */
export function checkPrompt(prompt: unknown, option: string): void {
  if (prompt === undefined || typeof prompt === "string" || isTemplate(prompt)) return;
  throw new InvalidOptionError(option, prompt, "give a text, or a PromptTemplate or ChatPromptTemplate of LangChain");
}

/** A placeholder among the messages of a chat template. */
interface Placeholder {
  readonly variableName?: unknown;
  readonly optional?: boolean;
}

/** Lists the variables a template cannot be filled without: optional placeholders are left out. */
export function neededVariables(template: PromptTemplateLike): readonly string[] {
  const { promptMessages = [] } = template as { readonly promptMessages?: readonly Placeholder[] };
  const optional = promptMessages.filter((part) => part.optional === true).map(({ variableName }) => variableName);
  return template.inputVariables.filter((name) => !optional.includes(name));
}
