import type { StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { assembleStructuredOutputPipeline } from "@langchain/core/language_models/structured_output";
import type { AIMessage } from "@langchain/core/messages";
import { OutputParserException } from "@langchain/core/output_parsers";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import {
  getSchemaDescription,
  type InteropZodType,
  interopParseAsync,
  isInteropZodSchema,
} from "@langchain/core/utils/types";
import { InvalidOptionError } from "../errors/index.js";
import { tracedForm } from "../langgraph/trace-marks.js";
import { answerText } from "../text/answer-text.js";
import { jsonIn } from "../text/json.js";

type Schema = Record<string, unknown>;

/**
 * Implements `withStructuredOutput` through one forced tool, whose call is the answer that verifiers judge and votes compare.
 * With `method: "jsonMode"` the answer is JSON text, and the prompt must describe its form.
 */
export function structuredAnswer(model: BaseChatModel) {
  return (schema: Schema, options: StructuredOutputMethodOptions<boolean> = {}): Runnable => {
    const { name = nameOf(schema) ?? "extract", method, strict, includeRaw } = options;
    if (method !== undefined && !methods.includes(method)) {
      throw new InvalidOptionError("withStructuredOutput.method", method, `give one of ${methods.join(", ")}`);
    }
    const parameters = toJsonSchema(schema) as Schema;
    const description = getSchemaDescription(schema) ?? "The answer, in the form it is needed";
    const tool = { type: "function", function: { name, description, parameters } };
    const titled = { ...parameters, title: name };
    const bound =
      method === "jsonMode"
        ? model.withConfig({
            response_format: { type: "json_object" },
            ...tracedForm("json_mode", titled),
          } as object)
        : model.bindTools!([tool], {
            tool_choice: name,
            ...(strict === undefined ? {} : { strict }),
            ...tracedForm("function_calling", titled),
          } as object);
    const parser = RunnableLambda.from((answer: AIMessage) => read(answer, name, schema)).withConfig({
      runName: "parser",
    });
    const runName = includeRaw ? "StructuredOutputRunnable" : "StructuredOutput";
    return assembleStructuredOutputPipeline(bound as never, parser as never, includeRaw, runName) as Runnable;
  };
}

/** `jsonSchema` also uses a tool, because some clients support nothing else. */
const methods = ["functionCalling", "jsonSchema", "jsonMode"];

function nameOf(schema: Schema): string | undefined {
  if (isInteropZodSchema(schema) || isSerializableSchema(schema)) return undefined;
  const { name, title } = schema;
  return [name, title].find((given): given is string => typeof given === "string" && /^[\w-]{1,64}$/.test(given));
}

/** Reads the value from the tool call, or from JSON text when the model ignored the tool: the last that fits. */
async function read(answer: AIMessage, name: string, schema: Schema): Promise<unknown> {
  const call = answer.tool_calls?.find((toolCall) => toolCall.name === name);
  const text = answerText(answer);
  const values = call === undefined ? jsonIn(text).map((found) => found.value) : [call.args];
  if (values.length === 0) throw new OutputParserException(`The answer is not in the form of "${name}"`, text);
  const refusals: unknown[] = [];
  for (const value of values) {
    try {
      return await checked(value, schema);
    } catch (error) {
      refusals.push(error);
    }
  }
  const reason = `The answer does not fit "${name}": ${String(refusals[0])}`;
  throw new OutputParserException(reason, JSON.stringify(values[0]));
}

async function checked(value: unknown, schema: Schema): Promise<unknown> {
  if (isInteropZodSchema(schema)) return interopParseAsync(schema as unknown as InteropZodType, value);
  if (!isSerializableSchema(schema)) return value;
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw new Error(result.issues.map(({ message }) => message).join("; "));
  return result.value;
}
