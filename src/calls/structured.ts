import type { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import { tracedForm } from "../langgraph/trace-marks.js";
import type { AnswerOptions } from "../models/answer-options.js";
import { answerText } from "../text/answer-text.js";
import { jsonIn } from "../text/json.js";

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

/** The same for all models of a pattern that may give its answer; one without tools answers in text. */
export function formOptions(structured: StructuredSchema): AnswerOptions {
  const traced = tracedForm("function_calling", { title: structured.name });
  return { tools: [structured], tool_choice: "any", textWillDo: true, ...traced };
}

/**
 * Reads the value of an answer that was asked for with a `schema`; `undefined` where the model answered in another form.
 *
 * **When to use** - in a strategy of your own that asks a model for more than text.
 * **Gotchas** - where the model answered in text, the last JSON in it that fits the schema counts; thoughts are ignored.
 *
 * @example
 * ```ts
 * const language = { name: "language", description: "What it is written in", schema: z.object({ code: z.string() }) };
 * const route = async ({ messages, ask }) => {
 *   const answer = await ask(messages, { model: small, schema: language });
 *   return readStructured(answer, language)?.code === "de" ? "german" : "english";
 * };
 * ```
 * @throws {InvalidOptionError} when `answer` is no message, or `structured` has no zod schema
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
