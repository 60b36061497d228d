import type { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import { tracedForm } from "../langgraph/trace-marks.js";
import type { AnswerOptions } from "../models/answer-options.js";
import { answerText } from "../text/answer-text.js";
import { jsonIn } from "../text/json.js";

/** Schema of an answer. */
export interface StructuredSchema<Value = unknown> {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType<Value>;
}

/**
 * Binds a schema as the one tool a chat client must call; returns a client without tools unchanged.
 *
 * Unlike a response format, a tool never makes the client throw on a plain-text answer, which can then still be parsed.
 */
export function withSchema(runnable: Runnable, structured: StructuredSchema | undefined): Runnable {
  const { bindTools } = runnable as { bindTools?: (tools: object[], options: object) => Runnable };
  if (structured === undefined || typeof bindTools !== "function") return runnable;
  return bindTools.call(runnable, [structured], { tool_choice: "any" });
}

/** Returns options that bind a schema to all answering models of a pattern; those without tools answer in text. */
export function formOptions(structured: StructuredSchema): AnswerOptions {
  const traced = tracedForm("function_calling", { title: structured.name });
  return { tools: [structured], tool_choice: "any", toolsOptional: true, ...traced };
}

/**
 * Parses an answer requested with a `schema`; returns `undefined` if the answer does not match it.
 *
 * **When to use** - in your own strategy that needs structured output.
 * **Gotchas** - of a text answer, the last JSON that fits the schema counts; thoughts are ignored.
 *
 * @example
 * ```ts
 * const language = { name: "language", description: "What it is written in", schema: z.object({ code: z.string() }) };
 * const route = async ({ messages, ask }) => {
 *   const answer = await ask(messages, { model: small, schema: language });
 *   return readStructured(answer, language)?.code === "de" ? "german" : "english";
 * };
 * ```
 * @throws {InvalidOptionError} when `answer` is not a message, or `structured` has no zod schema
 */
export function readStructured<Value>(answer: AIMessage, structured: StructuredSchema<Value>): Value | undefined {
  if (typeof answer?.text !== "string") {
    throw new InvalidOptionError("readStructured.answer", answer, "give the AIMessage that `ask` returned");
  }
  if (typeof structured?.schema?.safeParse !== "function") {
    throw new InvalidOptionError(
      "readStructured.structured",
      structured,
      "give { name, description, schema: z.object(…) }",
    );
  }
  const { name, schema } = structured;
  const call = answer.tool_calls?.find((toolCall) => toolCall.name === name);
  if (call !== undefined) return schema.safeParse(call.args).data;
  for (const { value } of jsonIn(answerText(answer))) {
    const { success, data } = schema.safeParse(value);
    if (success) return data;
  }
  return undefined;
}
