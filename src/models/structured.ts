import type { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { z } from "zod";

/** The form an answer should have. */
export interface StructuredSchema<Value = unknown> {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType<Value>;
}

/**
 * Binds a schema as the one tool a chat client must call; a client without tools is left as it is.
 *
 * A tool call, unlike a response format, never makes a client throw on an answer in plain text, so that text can still be read.
 */
export function withSchema(runnable: Runnable, structured: StructuredSchema | undefined): Runnable {
  const { bindTools } = runnable as { bindTools?: (tools: object[], options: object) => Runnable };
  if (structured === undefined || typeof bindTools !== "function") return runnable;
  return bindTools.call(runnable, [structured], { tool_choice: "any" });
}

/**
 * Reads the value of an answer that was asked for with a `schema`; `undefined` where the model answered in another form.
 *
 * **When to use** - in a strategy of your own that asks a model for more than text.
 *
 * @example
 * ```ts
 * const language = { name: "language", description: "What it is written in", schema: z.object({ code: z.string() }) };
 * const route = async ({ messages, ask }) => {
 *   const answer = await ask(messages, { model: small, schema: language });
 *   return readStructured(answer, language)?.code === "de" ? "german" : "english";
 * };
 * ```
 */
export function readStructured<Value>(answer: AIMessage, { name, schema }: StructuredSchema<Value>): Value | undefined {
  const call = answer.tool_calls?.find((toolCall) => toolCall.name === name);
  const parsed = schema.safeParse(call?.args ?? parseJson(answer.text));
  return parsed.success ? parsed.data : undefined;
}

/** JSON in an answer, with or without a code fence around it; `undefined` where there is none. */
export function parseJson(text: string): unknown {
  const fenced = /```(?:json)?[^\S\n]*\n([^`]*(?:`{1,2}[^`]+)*)```/i.exec(text)?.[1];
  for (const source of [
    text,
    fenced,
    text.slice(text.search(/[[{]/), Math.max(text.lastIndexOf("}"), text.lastIndexOf("]")) + 1),
  ]) {
    try {
      if (source?.trim()) return JSON.parse(source);
    } catch {
      // the next way of finding it
    }
  }
  return undefined;
}
