import type { Context } from "../../index.js";
import { judging } from "./field.js";
import { count, text } from "./fields.js";
import { jsonSchema } from "./json-schema.js";
import { kind, type SpecOf } from "./kind.js";
import { library } from "./library.js";
import { row, word } from "./row.js";

const rows = [
  word("fullHistory", () => library.fullHistory()),
  word("latestOnly", () => library.latestOnly()),
  row({
    fields: { lastMessages: count },
    build: ({ lastMessages }) => library.lastMessages(lastMessages),
    docs: "{ lastMessages: 6 }",
  }),
  row({
    fields: { summarize: judging, maxTokens: count.optional() },
    build: ({ summarize, ...options }) => library.summarizeWith(summarize, options),
    docs: "{ summarize: model, maxTokens }",
  }),
  row({
    fields: { extract: judging, schema: jsonSchema("extractWith", "JSON schema of what is extracted") },
    build: ({ extract, schema }) => library.extractWith(extract, schema),
    docs: "{ extract: model, schema }",
  }),
  row({
    fields: { sharedMemory: text.describe("Namespace in the store"), limit: count.optional() },
    build: ({ sharedMemory: namespace, ...options }) => library.sharedMemory({ namespace, ...options }),
    docs: "{ sharedMemory: namespace, limit }",
  }),
] as const;

/** Context strategies. */
export const context = kind<SpecOf<typeof rows>, Context>("Context", rows);
