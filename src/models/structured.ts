import type { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import type { AnswerOptions } from "./answer-options.js";

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
  const { name } = structured;
  const format = { kwargs: { method: "function_calling" }, schema: { title: name } };
  return { tools: [structured], tool_choice: "any", textWillDo: true, ls_structured_output_format: format };
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
  const parsed = schema.safeParse(call?.args ?? parseJson(answer.text));
  return parsed.success ? parsed.data : undefined;
}

/** JSON in an answer, with or without a code fence around it, the longest there is; `undefined` where there is none. */
export function parseJson(text: string): unknown {
  return findJson(text)?.value;
}

/** JSON in an answer, and the text it is written as. */
export function findJson(text: string): { readonly value: unknown; readonly source: string } | undefined {
  const fenced = /```(?:json)?[^\S\n]*\n([^`]*(?:`{1,2}[^`]+)*)```/i.exec(text)?.[1];
  const thought = text.lastIndexOf("</think>");
  for (const source of [text, fenced]) {
    const value = parsed(source);
    if (value !== undefined) return { value, source: source!.trim() };
  }
  return quoted(thought < 0 ? text : text.slice(thought));
}

function parsed(source: string | undefined): unknown {
  try {
    return source?.trim() ? JSON.parse(source) : undefined;
  } catch {
    return undefined;
  }
}

/** Openers that are tried: each costs a walk over the text. */
const TRIED = 50;

/** The longest object or list in a text of which it is a part, the last of equals. */
function quoted(text: string): ReturnType<typeof findJson> {
  let best: ReturnType<typeof findJson>;
  let from = 0;
  for (let tries = 0; tries < TRIED; tries++) {
    const start = text.slice(from).search(/[[{]/) + from;
    if (start < from) break;
    const source = untilClosed()(text.slice(start));
    const value = parsed(source);
    if (value !== undefined && source.length >= (best?.source.length ?? 0)) best = { value, source };
    from = start + (value === undefined ? 1 : source.length);
  }
  return best;
}

/** Hands a text on, piece by piece, up to the bracket that closes its first one. */
export function untilClosed(): (piece: string) => string {
  let depth = 0;
  let place: "outside" | "text" | "escape" | "behind" = "outside";
  return (piece) => {
    if (place === "behind") return "";
    for (let index = 0; index < piece.length; index++) {
      const sign = piece[index];
      if (place === "escape") place = "text";
      else if (place === "text") place = sign === "\\" ? "escape" : sign === '"' ? "outside" : "text";
      else if (sign === '"') place = "text";
      else if (sign === "{" || sign === "[") depth++;
      else if ((sign === "}" || sign === "]") && --depth === 0) {
        place = "behind";
        return piece.slice(0, index + 1);
      }
    }
    return piece;
  };
}
