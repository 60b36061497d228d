import {
  type Context,
  extractWith,
  fullHistory,
  lastMessages,
  latestOnly,
  sharedMemory,
  summarizeWith,
} from "../../index.js";
import { count, fields, jsonSchema, modelName, text } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { none, row, word } from "./row.js";
import { toSchema } from "./to-schema.js";

const rows = [
  word("fullHistory", fullHistory),
  word("latestOnly", latestOnly),
  row({
    key: "lastMessages",
    schema: fields({ lastMessages: count }),
    models: [],
    targets: none,
    build: ({ lastMessages: number }) => lastMessages(number),
    docs: "{ lastMessages: 6 }",
  }),
  row({
    key: "summarize",
    schema: fields({ summarize: modelName, maxTokens: count.optional() }),
    models: ["summarize"],
    targets: none,
    build: ({ summarize, ...options }) => summarizeWith(summarize, options),
    docs: "{ summarize: model, maxTokens }",
  }),
  row({
    key: "extract",
    schema: fields({ extract: modelName, schema: jsonSchema.describe("JSON schema of what is extracted") }),
    models: ["extract"],
    targets: none,
    build: ({ extract, schema }) => extractWith(extract, toSchema(schema, "extractWith")),
    docs: "{ extract: model, schema }",
  }),
  row({
    key: "sharedMemory",
    schema: fields({ sharedMemory: text.describe("Namespace in the store"), limit: count.optional() }),
    models: [],
    targets: none,
    build: ({ sharedMemory: namespace, ...options }) => sharedMemory({ namespace, ...options }),
    docs: "{ sharedMemory: namespace, limit }",
  }),
] as const;

/** What a stage sees: the strategies of context, as data. */
export const context = kind<SpecOf<typeof rows>, Context>("Context", rows);
